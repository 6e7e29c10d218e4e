#include "support/Diagnostic.h"
#include "support/ExitCode.h"
#include "tools/bpfcc/Commands.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/thread.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <pthread.h>
#include <string>
#include <unistd.h>

// A signal handler has no argument of its own, so what it needs to know lives
// outside of functions: the text that it prints, and where the stack ends.
namespace {
struct CrashText {
  char Data[4096];
  size_t Size;
} CommandLine;

std::atomic<uintptr_t> StackEnd;
} // namespace

/// Clang's parser and LLVM's passes follow the nesting of the source.
constexpr unsigned StackSize = 256u << 20;
constexpr size_t GuardSize = 64 * 1024;

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

[[noreturn]] static void dieOfNesting() {
  put("bpfcc: error: ");
  put(bpfcc::diagFormat(bpfcc::DiagCode::NestedTooDeeply));
  put(" [BPF0904]\n  = help: split the expression or statement\n");
  llvm::sys::RunInterruptHandlers();
  _exit(bpfcc::ExitUserError);
}

static void onSignal(int Number, siginfo_t *Info, void *) {
  auto Address = reinterpret_cast<uintptr_t>(Info->si_addr);
  if (Number == SIGSEGV && Address + GuardSize > StackEnd &&
      Address < StackEnd + GuardSize)
    dieOfNesting();
  switch (Number) {
  case SIGSEGV:
    die("segmentation fault");
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

/// Of an LLVM stream that nobody asked whether it could be written. Clang's
/// driver has one, for -MJ.
[[noreturn]] static void dieOfOutput(llvm::StringRef Why) {
  llvm::errs() << "bpfcc: error: cannot write an output file: " << Why
               << " [BPF0902]\n";
  llvm::sys::RunInterruptHandlers();
  _exit(bpfcc::ExitUserError);
}

static void onFatalError(void *, const char *Reason, bool) {
  llvm::StringRef Why(Reason);
  if (Why.consume_front("IO failure on output stream: "))
    dieOfOutput(Why);
  die(Reason);
}

static void onOutOfMemory(void *, const char *, bool) { die("out of memory"); }

void bpfcc::tools::installCrashHandlers(int Argc, const char *const *Argv) {
  std::string Text;
  for (int I = 0; I < Argc; ++I)
    Text += (I ? " " : "") + std::string(Argv[I]);
  CommandLine.Size = std::min(Text.size(), sizeof CommandLine.Data);
  std::memcpy(CommandLine.Data, Text.data(), CommandLine.Size);

  struct sigaction Action = {};
  Action.sa_sigaction = onSignal;
  Action.sa_flags = SA_ONSTACK | SA_SIGINFO | int(SA_RESETHAND);
  for (int Number : {SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGFPE, SIGBUS})
    sigaction(Number, &Action, nullptr);
  llvm::install_fatal_error_handler(onFatalError);
  llvm::install_bad_alloc_error_handler(onOutOfMemory);
}

/// A stack of its own for signals, so that running out of stack is caught.
static void prepareThread() {
  stack_t Stack = {};
  Stack.ss_size = GuardSize;
  Stack.ss_sp = std::malloc(Stack.ss_size);
  if (Stack.ss_sp)
    sigaltstack(&Stack, nullptr);
  pthread_attr_t Attributes;
  if (pthread_getattr_np(pthread_self(), &Attributes))
    return;
  void *Low = nullptr;
  size_t Size = 0;
  pthread_attr_getstack(&Attributes, &Low, &Size);
  pthread_attr_destroy(&Attributes);
  StackEnd = reinterpret_cast<uintptr_t>(Low);
}

int bpfcc::tools::runOnLargeStack(int (*Run)(Arguments), Arguments Args) {
  int Status = ExitInternalError;
  llvm::thread Thread(std::optional<unsigned>(StackSize), [&] {
    prepareThread();
    Status = Run(Args);
  });
  Thread.join();
  return Status;
}
