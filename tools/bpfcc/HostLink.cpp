// Makefiles that compile BPF with $(CLANG) link some of the machine's own
// programs with it too; with CLANG=bpfcc those go to the machine's compiler.
//
//   bpfcc -shared -fPIC lib.c -o lib.so   ->   clang-22 -shared -fPIC ...

#include "support/ExitCode.h"
#include "tools/bpfcc/Commands.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

namespace bpfcc::tools {

using namespace llvm;

bool isHostLink(Arguments Args) {
  bool Links = false;
  StringRef Output;
  for (size_t I = 0; I < Args.size(); ++I) {
    StringRef Arg = Args[I];
    if (Arg == "-c" || Arg == "-S" || Arg == "-E" ||
        Arg.starts_with("-target") || Arg.starts_with("--target") ||
        Arg.starts_with("-mcpu=v") || Arg.starts_with("-mkernel="))
      return false; // an object, or a word for BPF
    Links |= Arg == "-shared" || Arg.starts_with("-fuse-ld=") ||
             Arg.starts_with("-Wl,");
    if (Arg == "-o" && I + 1 < Args.size())
      Output = Args[I + 1];
  }
  return Links && !Output.empty() && !Output.ends_with(".o");
}

int hostLinkCommand(Arguments Args) {
  for (const char *Name : {"clang-22", "clang", "cc"}) {
    ErrorOr<std::string> Path = sys::findProgramByName(Name);
    if (!Path)
      continue;
    SmallVector<StringRef, 32> Line{*Path};
    Line.append(Args.begin(), Args.end());
    return sys::ExecuteAndWait(*Path, Line) == 0 ? ExitOk : ExitUserError;
  }
  errs() << "bpfcc: error: this links a program of the machine itself, and no "
            "clang-22, clang or cc is in the PATH for it; name the compiler "
            "of the host, or add `-target bpf`\n";
  return ExitUserError;
}

} // namespace bpfcc::tools
