#ifndef BPFCC_TOOLS_BPFCC_COMMANDS_H
#define BPFCC_TOOLS_BPFCC_COMMANDS_H

#include "llvm/ADT/ArrayRef.h"

namespace bpfcc::tools {

/// What follows the command's name on the command line.
using Arguments = llvm::ArrayRef<const char *>;

/// A row of the table in main.cpp.
struct CommandRow {
  const char *Name;
  int (*Run)(Arguments);
  const char *Synopsis; ///< empty: not in the list of commands
  const char *Help;
  const char *(*Usage)() = nullptr; ///< what its --help prints
};

/// What each --help prints. Rows are `  --option VALUE   text`, with the text
/// behind two spaces or more, or in the lines below, further to the right.
const char *compileUsage();
const char *runUsage();
const char *checkUsage();
const char *explainUsage();
const char *dumpUsage();
const char *genUsage();
const char *doctorUsage();

/// Each command takes its arguments, prints to stdout what was asked for and
/// to stderr what went wrong, and gives the exit status (support/ExitCode.h).
int compileCommand(Arguments Args);
int runCommand(Arguments Args);
int checkCommand(Arguments Args);
int explainCommand(Arguments Args);
int dumpCommand(Arguments Args);
int genCommand(Arguments Args);
int doctorCommand(Arguments Args);
int conformancePluginCommand(Arguments Args);

/// Whether \p Args link a program or shared library of the machine itself: they
/// have linker options, nothing that is BPF's alone, and the result is no
/// object.
bool isHostLink(Arguments Args);
/// Passes such a command line to the machine's clang or cc.
int hostLinkCommand(Arguments Args);

/// Catches fatal signals and LLVM's fatal errors from here on: files marked
/// for removal are removed, one line says that this is a bug in bpfcc and
/// shows the command line, and the process exits with ExitInternalError.
void installCrashHandlers(int Argc, const char *const *Argv);

/// Runs a command on a thread with a stack that deeply nested input does not
/// exhaust soon. When it does, that is reported as the user's error.
int runOnLargeStack(int (*Run)(Arguments), Arguments Args);

} // namespace bpfcc::tools

#endif
