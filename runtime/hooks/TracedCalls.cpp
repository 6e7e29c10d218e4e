// Programs on what a traced thread comes to: system calls, and functions that
// begin and end at breakpoints. Command.cpp opens with how that works.

#include "runtime/hooks/Tracer.h"

#include "runtime/hooks/Context.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/MemoryBuffer.h"

#include <array>
#include <asm/unistd.h>
#include <cerrno>
#include <cstring>
#include <elf.h>
#include <linux/audit.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>

using namespace llvm;

namespace bpfcc {

#ifdef __x86_64__
constexpr uint32_t NativeCalls = AUDIT_ARCH_X86_64;
#else
constexpr uint32_t NativeCalls = AUDIT_ARCH_AARCH64;
#endif

bool readRegisters(pid_t Thread, HostRegisters &Registers) {
  iovec Into{&Registers, sizeof(Registers)};
  return !ptrace(PTRACE_GETREGSET, Thread, NT_PRSTATUS, &Into);
}

Error Tracer::runOnRegisters(unsigned Prog, pid_t Thread,
                             const HostRegisters &Registers) {
  std::array<uint64_t, RegistersSize / 8> Words;
  memcpy(Words.data(), &Registers, RegistersSize);
  return runProbe(Prog, Thread, Words);
}

/// Runs the programs whose function begins at \p Address, and those whose
/// function has returned there.
Error Tracer::breakpoint(pid_t Thread, uint64_t Address,
                         HostRegisters &Registers) {
  uint64_t Stack = stackPointer(Registers);
  std::vector<Call> &Open = Calls[Thread];
  // Those that longjmp or an exception left have a lower stack.
  while (!Open.empty() && Open.back().Stack < Stack) {
    Call Done = std::move(Open.back());
    Open.pop_back();
    if (Done.Return != Address || Done.Stack + sizeof(uint64_t) != Stack)
      continue;
    for (unsigned N : Done.Probes)
      if (Error E = runOnRegisters(N, Thread, Registers))
        return E;
  }
  Breakpoints &Space = *Spaces[Thread];
  Call Begun{0, Stack, {}};
  for (unsigned N : Space.probesAt(Address)) {
    if (Probes[N].At == Probe::Return)
      Begun.Probes.push_back(N);
    else if (Error E = runOnRegisters(N, Thread, Registers))
      return E;
  }
  errno = 0;
  if (!Begun.Probes.empty())
    Begun.Return = uint64_t(ptrace(PTRACE_PEEKDATA, Thread, Stack, nullptr));
  if (!Begun.Return || errno)
    return Error::success();
  Space.placeReturn(Thread, Begun.Return);
  Open.push_back(std::move(Begun));
  return Error::success();
}

/// Stops the other threads that have the memory of \p Thread. What they
/// report comes later.
void Tracer::stopOthers(pid_t Thread) {
  for (pid_t Other : Threads) {
    auto Waits = [&](const auto &Stop) { return Stop.first == Other; };
    auto It = Spaces.find(Other);
    if (Other == Thread || It == Spaces.end() || It->second != Spaces[Thread] ||
        Vforks.count(Other) || any_of(Pending, Waits) ||
        ptrace(PTRACE_INTERRUPT, Other, nullptr, nullptr))
      continue;
    int How = 0;
    while (waitpid(Other, &How, __WALL) < 0 && errno == EINTR) {
    }
    Pending.push_back({Other, How});
  }
}

/// Executes the instruction at the breakpoint \p Address. Gives the signal
/// that came meanwhile, or 0.
int Tracer::stepOver(pid_t Thread, uint64_t Address) {
  stopOthers(Thread);
  Breakpoints &Space = *Spaces[Thread];
  Space.lift(Thread, Address);
  int Signal = 0, How = 0;
  for (bool Done = false; !Done;) {
    if (ptrace(PTRACE_SINGLESTEP, Thread, nullptr, nullptr))
      return 0;
    while (waitpid(Thread, &How, __WALL) < 0 && errno == EINTR) {
    }
    if (!WIFSTOPPED(How)) {
      Pending.push_back({Thread, How});
      return 0;
    }
    int Stop = WSTOPSIG(How), Event = How >> 16;
    noteChild(Thread, How);
    if (!Event && Stop != SIGTRAP)
      Signal = Stop;
    // Signals that the instruction did not raise come before it.
    Done = Event ? Event != PTRACE_EVENT_STOP
                 : Stop == SIGTRAP || Stop == SIGSEGV || Stop == SIGBUS ||
                       Stop == SIGILL || Stop == SIGFPE;
  }
  Space.lower(Thread, Address);
  return Signal;
}

/// Lets helpers see the thread and its memory.
void Tracer::describe(pid_t Thread) {
  std::string Folder = "/proc/" + std::to_string(Thread);
  uint64_t Process = uint64_t(Thread);
  // A process of one thread is by far the most frequent.
  if (Thread != Leader)
    if (auto Text = MemoryBuffer::getFileAsStream(Folder + "/status")) {
      StringRef Rest = (*Text)->getBuffer().split("\nTgid:").second;
      Rest.split('\n').first.trim().getAsInteger(10, Process);
    }
  Env.PidTgid = Process << 32 | uint32_t(Thread);
  struct stat Owner{};
  if (!stat(Folder.c_str(), &Owner))
    Env.UidGid = uint64_t(Owner.st_gid) << 32 | Owner.st_uid;
  if (auto Text = MemoryBuffer::getFileAsStream(Folder + "/comm"))
    Env.Comm = (*Text)->getBuffer().rtrim('\n').str();
  Env.ReadUser = [Thread](uint64_t From, MutableArrayRef<uint8_t> To) {
    iovec Local{To.data(), To.size()};
    iovec Remote{reinterpret_cast<void *>(From), To.size()};
    ssize_t Got = process_vm_readv(Thread, &Local, 1, &Remote, 1, 0);
    return Got < 0 ? size_t(0) : size_t(Got);
  };
}

Error Tracer::runProbe(unsigned Prog, pid_t Thread, ArrayRef<uint64_t> Words) {
  std::vector<uint8_t> Bytes(Words.size() * 8);
  for (size_t N = 0; N != Words.size(); ++N)
    Env.Mem.store(&Bytes[8 * N], 8, Words[N]);
  describe(Thread);
  auto Gone = make_scope_exit([&] { Env.ReadUser = nullptr; });
  Context C(Env, /*Writable=*/false, Bytes);
  return Handle(Prog, C.address()).takeError();
}

/// Runs a program whose context begins with a pointer to the registers.
Error Tracer::onRegisters(unsigned Prog, pid_t Thread, uint64_t Second) {
  HostRegisters Registers{};
  if (!readRegisters(Thread, Registers))
    return Error::success(); // it was killed
  uint64_t Guest =
      Env.Mem.add(RegistersSize, Memory::ReadOnly, "struct pt_regs");
  if (!Guest)
    return diagError(DiagCode::RunError, {},
                     "the memory of BPF programs is used up");
  memcpy(Env.Mem.host(Guest), &Registers, RegistersSize);
  Error E = runProbe(Prog, Thread, {Guest, Second});
  Env.Mem.remove(Guest);
  return E;
}

Error Tracer::systemCall(pid_t Thread) {
  __ptrace_syscall_info Call{};
  // What is no call of this machine (a 32-bit process) has other numbers.
  if (ptrace(PTRACE_GET_SYSCALL_INFO, Thread, sizeof(Call), &Call) <= 0 ||
      Call.arch != NativeCalls)
    return Error::success();
  bool Enters = Call.op == PTRACE_SYSCALL_INFO_ENTRY;
  if (Enters) {
    Inside[Thread] = Call.entry.nr;
    if (Call.entry.nr == __NR_mmap && Call.entry.args[2] & PROT_EXEC)
      MapCode.insert(Thread);
  } else if (!Inside.count(Thread)) { // it was under way when tracing began
    return Error::success();
  }
  uint64_t Number = Inside[Thread];
  if (!Enters)
    Inside.erase(Thread);
  if (!Enters && MapCode.erase(Thread) && HasFunctions)
    if (Error E = Spaces[Thread]->place(Thread, Probes))
      return E;
  for (unsigned N = 0; N != Probes.size(); ++N) {
    const Probe &P = Probes[N];
    if (P.At != (Enters ? Probe::Enter : Probe::Exit) ||
        (P.Syscall && *P.Syscall != Number))
      continue;
    uint64_t Result = uint64_t(Call.exit.rval);
    Error E = Error::success();
    if (P.Ctx == Probe::RawArguments) {
      E = onRegisters(N, Thread, Enters ? Number : Result);
    } else {
      SmallVector<uint64_t, 8> Words{0, Number};
      if (Enters)
        Words.append(std::begin(Call.entry.args), std::end(Call.entry.args));
      else
        Words.push_back(Result);
      E = runProbe(N, Thread, Words);
    }
    if (E)
      return E;
  }
  return Error::success();
}

} // namespace bpfcc
