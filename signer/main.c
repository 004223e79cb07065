/* rz-signer: signs zones, and proves signed zones right. */
#include "hsm/hsm.h"
#include "signer/cmd.h"

static const struct verb verbs[] = {
    {"sign",
	"-i ZONE -o SIGNED [--previous FILE] [--min-ttl] [--strict] "
	"[--threads N] [--override RULE] [--reason TEXT] [--pin-fd N]",
	"sign a zone, verify the result, then give it its name",
	"The keys are those that the state database has for the time given.\n"
	"RRSIG, NSEC, NSEC3, NSEC3PARAM and the DNSKEY, ZONEMD, CDS and\n"
	"CDNSKEY of the apex are stripped from the input and made anew.\n"
	"A file that the verifier refuses is kept as SIGNED.refused; what\n"
	"stood under SIGNED before stays.",
	cmd_sign_options, cmd_sign},
    {"verify",
	"FILE [--anchors FILE] [--unsigned FILE] [--previous FILE] "
	"[--zone NAME] [--override RULE] [--reason TEXT] [--threads N] "
	"[--also NAME]",
	"prove a signed zone right before it is served",
	"Every signature is verified, and everything else that a file can\n"
	"show.  Each fault is one line: file: rule: owner type: what.",
	cmd_verify_options, cmd_verify},
    {0},
};

int
main(int argc, char **argv)
{
	int status = cli_main("rz-signer",
	    "sign DNS zones, and prove signed zones right", verbs, argc, argv);

	hsm_exit();
	return status;
}
