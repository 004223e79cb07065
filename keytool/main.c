#include "keytool/cmd.h"

static const struct verb verbs[] = {
    {"token init", "[--again [--confirm LABEL]...] [ksk | zsk]",
	"initialise the tokens of a role, or of both",
	"Each PKCS#11 token that the configuration names gets its label, a "
	"security officer's PIN, and the user PIN of its pin-source.\n"
	"A token that is initialised is refused; with --again it is emptied, "
	"after its label was typed, unless it holds a key that is in use.  "
	"All tokens are checked before the first is touched.",
	token_init_options, cmd_token_init},
    {"generate", "[--label LABEL] ksk | zsk",
	"make a key pair inside a token",
	"The pair is made in the first token of its role, sensitive, not "
	"extractable, for signing only; it proves itself, its tags meet no "
	"other in use, and it is recorded in the state.\n"
	"With several tokens of the role, the key is recorded only when each "
	"has a copy of it (exit status 1 otherwise): copy it by the means of "
	"the HSM, then adopt it.",
	generate_options, cmd_generate},
    {"import", "--role ksk|zsk [--label LABEL] FILE",
	"bring a private key from a file into the tokens",
	"FILE is PKCS#8 in PEM, encrypted or not, or BIND's .private.  The "
	"key goes into every token of the role, and proves itself in each.",
	import_options, cmd_import},
    {"adopt", "--role ksk|zsk [--label LABEL] [--id HEX]",
	"take a key that is in the tokens into the state",
	"The key is found by label, CKA_ID or both in the first token of its "
	"role and must prove itself in every one.",
	adopt_options, cmd_adopt},
    {"list", "", "what the tokens hold beside what the state says",
	"Exit status 1 when a token lacks a key, or has it in another form.",
	list_options, cmd_list},
    {"ds", "[--cds] [--digest NAME]... [KEY ...]",
	"print DS or CDS records",
	"KEY is an id, at least eight digits of one, or a label; without "
	"KEY, each KSK that is published.",
	ds_options, cmd_ds},
    {"dnskey", "[--cdnskey] [KEY ...]", "print DNSKEY or CDNSKEY records",
	"KEY is an id, at least eight digits of one, or a label; without "
	"KEY, each key that is published.",
	dnskey_options, cmd_dnskey},
    {"destroy", "[--confirm LABEL] KEY", "destroy a private key for ever",
	"Only a key that was never used, or was removed from the zone; its "
	"label is to be typed.",
	destroy_options, cmd_destroy},
    {"hash", "FILE ...", "SHA-256 of files, in hexadecimal and PGP words",
	"- is standard input.", NULL, cmd_hash},
    {NULL, NULL, NULL, NULL, NULL, NULL}};

int
main(int argc, char **argv)
{
	int status = cli_main("rz-keytool",
	    "Keys of a signed zone: make, inspect, record and destroy them.",
	    verbs, argc, argv);

	hsm_exit();
	return status;
}
