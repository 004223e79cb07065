#include "lib/file_temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "lib/xalloc.h"

enum slot_state { SLOT_FREE, SLOT_TAKEN, SLOT_LIVE };

static struct slot {
	atomic_int state;
	char name[PATH_MAX];
} slots[TEMPORARIES_MAX];

static const int deadly[] = {SIGHUP, SIGINT, SIGTERM};

#define DEADLY_N (sizeof deadly / sizeof deadly[0])

/* SA_RESETHAND: raised again, the signal ends the process. */
static void
remove_all(int sig)
{
	int saved = errno;

	for (size_t i = 0; i < TEMPORARIES_MAX; i++)
		if (atomic_load(&slots[i].state) == SLOT_LIVE)
			unlink(slots[i].name);
	errno = saved;
	raise(sig);
}

/* A signal that is ignored (nohup), or handled already, stays so. */
static void
install_handlers(void)
{
	struct sigaction sa = {.sa_handler = remove_all};
	struct sigaction old;

	sa.sa_flags = (int)SA_RESETHAND;
	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < DEADLY_N; i++)
		if (sigaction(deadly[i], NULL, &old) == 0 &&
		    old.sa_handler == SIG_DFL)
			sigaction(deadly[i], &sa, NULL);
}

static struct slot *
slot_take(void)
{
	int expected;

	for (size_t i = 0; i < TEMPORARIES_MAX; i++) {
		expected = SLOT_FREE;
		if (atomic_compare_exchange_strong(
			&slots[i].state, &expected, SLOT_TAKEN))
			return &slots[i];
	}
	return NULL;
}

static char *
template_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	return xasprintf("%.*s.%s.XXXXXX", (int)(name - path), path, name);
}

/* No signal between the file's birth and its entry in the table. */
static int
open_in_slot(struct slot *slot, char *name)
{
	sigset_t block, old;
	int fd;

	sigemptyset(&block);
	for (size_t i = 0; i < DEADLY_N; i++)
		sigaddset(&block, deadly[i]);
	pthread_sigmask(SIG_BLOCK, &block, &old);
	fd = mkostemp(name, O_CLOEXEC);
	if (fd != -1) {
		memcpy(slot->name, name, strlen(name) + 1);
		atomic_store(&slot->state, SLOT_LIVE);
	} else {
		atomic_store(&slot->state, SLOT_FREE);
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return fd;
}

int
temporary_open(char **out, const char *path, struct error *e)
{
	char *name = template_of(path);
	struct slot *slot = NULL;
	int fd = -1;

	if (strlen(name) >= PATH_MAX)
		error_set(e, "%.100s...: the name is too long", path);
	else if ((slot = slot_take()) == NULL)
		error_set(e, "%s: more than %d temporary files", path,
		    TEMPORARIES_MAX);
	else
		install_handlers();
	if (slot != NULL && (fd = open_in_slot(slot, name)) == -1)
		error_errno(e, "%s: cannot create a file beside it", path);
	if (fd == -1) {
		free(name);
		return -1;
	}
	/* Where there are no locks, nobody else removes by them either. */
	(void)flock(fd, LOCK_EX | LOCK_NB);
	temporary_remove_stale(path, fd);
	*out = name;
	return fd;
}

void
temporary_forget(const char *name)
{
	for (size_t i = 0; i < TEMPORARIES_MAX; i++)
		if (atomic_load(&slots[i].state) == SLOT_LIVE &&
		    strcmp(slots[i].name, name) == 0)
			atomic_store(&slots[i].state, SLOT_FREE);
}
