#include <stddef.h>

#include "rollover/cmd.h"

static const struct verb verbs[] = {
    {"init", "[--first-keys [--key KEY]...]",
	"make the state database, or publish the first keys in it",
	"Makes the database that the configuration names as its state, for "
	"the zone of the configuration.\n"
	"With --first-keys, in a database whose keys were made with "
	"rz-keytool and never published: publishes and activates exactly one "
	"KSK and one ZSK of each algorithm, at once.",
	init_options, cmd_init},
    {"status", "[--check]",
	"where each key is, since when, and what changes next",
	"Also says which keys the DNSKEY RRset holds and which of them sign, "
	"or why they cannot make a valid zone.",
	status_options, cmd_status},
    {"log", "[--verify]", "print the chain of events, or check it",
	"One line per event: number, time, who, verb, what, reason.",
	log_options, cmd_log},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

int
main(int argc, char **argv)
{
	return cli_main("rz-rollover",
	    "Keys of a zone over time: when each is published, signs, leaves.",
	    verbs, argc, argv);
}
