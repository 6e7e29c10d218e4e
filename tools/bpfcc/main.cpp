#include "support/ExitCode.h"

#include "llvm/Support/raw_ostream.h"

#include <cstring>

int main(int Argc, char **Argv) {
  if (Argc == 2 && std::strcmp(Argv[1], "--version") == 0) {
    llvm::outs() << "bpfcc 0.1.0\n";
    return bpfcc::ExitOk;
  }
  return bpfcc::ExitUsage;
}
