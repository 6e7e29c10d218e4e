#include "tools/bpfcc/Commands.h"

namespace bpfcc::tools {

const char *compileUsage() {
  return "usage: bpfcc FILE... -o FILE.o [options]\n\n"
         "Compiles C to BPF. Options are clang's; the default is -O2, and BTF "
         "is always\nwritten. Several inputs (sources, objects, archives) are "
         "linked. Besides:\n\n"
         "  -mkernel=VERSION,...   the kernels that it must suit, as 6.1, or "
         "files of\n"
         "                         `bpftool feature probe -j`\n"
         "  --btf=FILE             those kernels' types: a `vmlinux` or its "
         "bare "
         "BTF\n"
         "  --arch=MACHINE,...     for these machines, in any usual spelling\n"
         "  --target=bpfel,bpfeb   for these byte orders\n"
         "  -mcpu=v1..v4           instruction set; default v3\n"
         "  -Overifiable           -O2 with fewer steps for the verifier\n"
         "  --cache-dir=FOLDER     where parsed headers are kept\n"
         "  --no-cache             keep none\n"
         "  --dump=STAGE,...       print these stages of code generation\n"
         "  --verify-each          check the code between stages\n"
         "  -Werror=verify         what the kernels would refuse is an error\n"
         "  -Wno-verify            do not ask what they would refuse\n"
         "  -flto                  make code in the link, of all files "
         "together\n"
         "  --gc-sections          link: leave out what no program reaches\n"
         "  --export=NAME          link: but for this symbol\n"
         "  -Map=FILE              link: say what came from where\n"
         "  --trace-symbol=NAME    link: say who defines and uses it\n"
         "  -r                     link: symbols may stay undefined\n"
         "  --print-make-rules     print where the rules for GNU make are\n"
         "  --version [--json]     print the version, or all that is inside\n";
}

} // namespace bpfcc::tools
