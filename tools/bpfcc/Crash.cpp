#include "support/ExitCode.h"
#include "tools/bpfcc/Commands.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Signals.h"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>

// A signal handler has no argument of its own, so the text that it prints is
// the one thing here that lives outside a function.
namespace {
struct CrashText {
  char Data[4096];
  size_t Size;
} CommandLine;
} // namespace

static void put(const char *Text, size_t Size) {
  while (Size) {
    ssize_t Done = write(STDERR_FILENO, Text, Size);
    if (Done <= 0)
      return;
    Text += Done;
    Size -= size_t(Done);
  }
}

static void put(const char *Text) { put(Text, std::strlen(Text)); }

[[noreturn]] static void die(const char *What) {
  put("bpfcc: internal error: ");
  put(What);
  put(" [BPF9901]\n  = help: this is a bug in bpfcc; the command was: ");
  put(CommandLine.Data, CommandLine.Size);
  put("\n");
  llvm::sys::RunInterruptHandlers();
  _exit(bpfcc::ExitInternalError);
}

static void onSignal(int Number) {
  switch (Number) {
  case SIGSEGV:
    die("segmentation fault (or out of stack)");
  case SIGABRT:
    die("aborted");
  case SIGILL:
  case SIGTRAP:
    die("reached code that cannot be reached");
  case SIGFPE:
    die("arithmetic fault");
  default:
    die("bus error");
  }
}

static void onFatalError(void *, const char *Reason, bool) { die(Reason); }

static void onOutOfMemory(void *, const char *, bool) { die("out of memory"); }

void bpfcc::tools::installCrashHandlers(int Argc, const char *const *Argv) {
  std::string Text;
  for (int I = 0; I < Argc; ++I)
    Text += (I ? " " : "") + std::string(Argv[I]);
  CommandLine.Size = std::min(Text.size(), sizeof CommandLine.Data);
  std::memcpy(CommandLine.Data, Text.data(), CommandLine.Size);

  // A stack of its own, so that running out of stack is caught too.
  constexpr size_t StackSize = 64 * 1024;
  stack_t Stack = {};
  Stack.ss_sp = std::malloc(StackSize);
  Stack.ss_size = StackSize;
  if (Stack.ss_sp)
    sigaltstack(&Stack, nullptr);

  struct sigaction Action = {};
  Action.sa_handler = onSignal;
  Action.sa_flags = SA_ONSTACK | int(SA_RESETHAND);
  for (int Number : {SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGFPE, SIGBUS})
    sigaction(Number, &Action, nullptr);
  llvm::install_fatal_error_handler(onFatalError);
  llvm::install_bad_alloc_error_handler(onOutOfMemory);
}
