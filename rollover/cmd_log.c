#include "lib/config.h"
#include "lib/state.h"
#include "lib/utc.h"
#include "rollover/cmd.h"

#define CLOCK_APART (5 * MINUTE)

static bool verify;

const struct cli_option log_options[] = {
    {"verify", 0, CLI_FLAG, &verify, NULL,
	"check the whole chain and print its head", 0, 0},
    {NULL, 0, CLI_FLAG, NULL, NULL, NULL, 0, 0},
};

/* Acted for another time than it was. */
static bool
is_shifted(const struct state_event *ev)
{
	return ev->clock > ev->at + CLOCK_APART ||
	    ev->clock < ev->at - CLOCK_APART;
}

static int
add_line(void *arg, const struct state_event *ev, struct error *e)
{
	char when[UTC_TEXT];

	(void)e;
	buf_printf(arg, "%lld  %s", (long long)ev->id,
	    utc_text(when, ev->at));
	if (is_shifted(ev))
		buf_printf(arg, " (clock: %s)", utc_text(when, ev->clock));
	buf_printf(arg, "  %lld@%s  %s: %s", (long long)ev->uid, ev->host,
	    ev->verb, ev->what);
	if (*ev->why != '\0') {
		buf_str(arg, "; reason: ");
		buf_str(arg, ev->why);
	}
	buf_u8(arg, '\n');
	return 0;
}

static int
add_object(void *arg, const struct state_event *ev, struct error *e)
{
	json_t *detail = NULL, *o;
	char when[UTC_TEXT], clock[UTC_TEXT];

	if (*ev->detail != '\0' &&
	    (detail = json_loads(ev->detail, 0, NULL)) == NULL)
		return error_no(
		    e, "event %lld: detail is not JSON", (long long)ev->id);
	o = json_pack("{s:I, s:s, s:s, s:I, s:s, s:s, s:s, s:s, s:o?, s:s, "
		      "s:s}",
	    "id", (json_int_t)ev->id, "at", utc_text(when, ev->at), "clock",
	    utc_text(clock, ev->clock), "uid", (json_int_t)ev->uid, "host",
	    ev->host, "verb", ev->verb, "what", ev->what, "why", ev->why,
	    "detail", detail, "previous", ev->previous, "hash", ev->hash);
	if (o == NULL)
		return error_no(e, "event %lld: not UTF-8", (long long)ev->id);
	json_array_append_new(arg, o);
	return 0;
}

static int
print_json(const struct cli *cli, const struct config *cfg, struct state *s,
    struct error *e)
{
	json_t *list = json_array();
	json_t *o = json_pack("{s:s, s:b, s:o}", "zone", cfg->zone, "lab",
	    (int)state_is_lab(s), "events", list);
	int rc = state_events(s, add_object, list, e);

	if (rc == 0)
		rc = cli_emit_json(cli, o, e);
	json_decref(o);
	return rc;
}

/* Up to a break, what was found before it is shown all the same. */
static int
print_lines(const struct cli *cli, struct state *s, struct error *e)
{
	struct buf b = BUF_INIT;
	struct error output = ERROR_INIT;
	int rc = state_events(s, add_line, &b, e);

	if (cli_emit(cli, &b, &output) == -1) {
		*e = output;
		rc = -1;
	}
	buf_free(&b);
	return rc;
}

static int
print_verdict(const struct cli *cli, const struct config *cfg, struct state *s,
    struct error *e)
{
	char head[SHA256_TEXT];
	struct buf b = BUF_INIT;
	int64_t n;
	json_t *o;
	int rc;

	if (state_verify(s, head, &n, e) == -1)
		return -1;
	if (cli->json) {
		o = json_pack("{s:s, s:b, s:I, s:s}", "zone", cfg->zone, "lab",
		    (int)state_is_lab(s), "events", (json_int_t)n, "head",
		    head);
		rc = cli_emit_json(cli, o, e);
		json_decref(o);
		return rc;
	}
	buf_printf(&b,
	    "zone %s%s: %lld event%s, each intact\n"
	    "head %s\n",
	    cfg->zone, state_is_lab(s) ? " (lab)" : "", (long long)n,
	    n == 1 ? "" : "s", head);
	rc = cli_emit(cli, &b, e);
	buf_free(&b);
	return rc;
}

static int
print(const struct cli *cli, const struct config *cfg, struct error *e)
{
	struct state *s;
	int rc;

	if (config_need_state(cfg, e) == -1 ||
	    state_open_readonly(&s, cfg->state, cfg->zone, e) == -1)
		return -1;
	if (verify)
		rc = print_verdict(cli, cfg, s, e);
	else if (cli->json)
		rc = print_json(cli, cfg, s, e);
	else
		rc = print_lines(cli, s, e);
	state_close(s);
	return rc;
}

int
cmd_log(struct cli *cli, int argc, char **argv)
{
	struct error e = ERROR_INIT;
	struct config *cfg;
	int rc;

	if (argc > 0)
		return cli_usage(cli, "unexpected argument \"%s\"", argv[0]);
	if (cli_config(cli, &cfg, &e) == -1)
		return cli_fail(cli, &e);
	rc = print(cli, cfg, &e);
	config_free(cfg);
	return rc == -1 ? cli_fail(cli, &e) : STATUS_OK;
}
