// A command under ptrace(2): what strace does, with programs in the place of
// its printing.
//
// A thread that is traced stops where something happens, and stays so until
// it is told to go on; each stop has one of these reasons (the manual page has
// the whole story):
//
//   system call      on the way in and out, marked by PTRACE_O_TRACESYSGOOD;
//                    PTRACE_GET_SYSCALL_INFO tells which
//   event            a new thread or child, exec
//   group stop       Ctrl-Z: it must stay stopped, PTRACE_LISTEN
//   signal           it gets the signal as it goes on
//
// Threads are seized rather than attached to, since only then can group stops
// be told from signals. Should this process be killed, the kernel kills what it
// traces (PTRACE_O_EXITKILL).

#include "runtime/hooks/Command.h"

#include "runtime/hooks/Context.h"
#include "runtime/hooks/StopSignals.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cerrno>
#include <cstring>
#include <elf.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <set>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

namespace bpfcc {

namespace {

#if defined(__x86_64__)
constexpr uint32_t NativeCalls = AUDIT_ARCH_X86_64;
/// Begins with the fields of struct pt_regs, in its order.
using HostRegisters = user_regs_struct;
constexpr size_t RegistersSize = 21 * 8;
#elif defined(__aarch64__)
constexpr uint32_t NativeCalls = AUDIT_ARCH_AARCH64;
using HostRegisters = user_regs_struct;
constexpr size_t RegistersSize = sizeof(HostRegisters);
#else
#error "which registers does this machine have?"
#endif

class Tracer {
public:
  Tracer(Environment &Env, ArrayRef<Probe> Probes, EventSource::Handler Handle)
      : Env(Env), Probes(Probes), Handle(Handle) {}
  ~Tracer() { release(); }

  Error start(ArrayRef<std::string> Words);
  /// Until all have ended or a signal came.
  Error follow();
  int status() const { return Status; }

private:
  Error stopped(pid_t Thread, int How);
  void ended(pid_t Thread, int How);
  void noteChild(pid_t Thread, int How);
  Error systemCall(pid_t Thread);
  Error runProbe(unsigned Prog, pid_t Thread, ArrayRef<uint64_t> Words);
  Error onRegisters(unsigned Prog, pid_t Thread, uint64_t Second);
  void describe(pid_t Thread);
  void release();

  Environment &Env;
  ArrayRef<Probe> Probes;
  EventSource::Handler Handle;
  std::set<pid_t> Threads;
  /// The system call that a thread is in: its exit does not tell.
  std::map<pid_t, uint64_t> Inside;
  pid_t Leader = 0;
  int Status = 0;
};

} // namespace

static Error failed(const Twine &What, int Number) {
  return diagError(DiagCode::RunError, {},
                   (What + ": " + strerror(Number)).str());
}

/// In the new process: waits until it is traced, becomes the command. Only
/// what may follow a fork of a process with threads.
[[noreturn]] static void becomeCommand(char **Arguments, int Ready,
                                       int Problem) {
  char Byte;
  while (read(Ready, &Byte, 1) < 0 && errno == EINTR) {
  }
  execvp(Arguments[0], Arguments);
  int Number = errno;
  ssize_t Written = write(Problem, &Number, sizeof(Number));
  _exit(Written == sizeof(Number) ? 127 : 126);
}

Error Tracer::start(ArrayRef<std::string> Words) {
  std::vector<char *> Arguments;
  for (const std::string &W : Words)
    Arguments.push_back(const_cast<char *>(W.c_str()));
  Arguments.push_back(nullptr);
  int Ready[2], Problem[2];
  if (pipe2(Ready, O_CLOEXEC))
    return failed("pipe", errno);
  auto CloseReady = make_scope_exit([&] {
    close(Ready[0]);
    close(Ready[1]);
  });
  if (pipe2(Problem, O_CLOEXEC))
    return failed("pipe", errno);
  auto CloseProblem = make_scope_exit([&] { close(Problem[0]); });
  Leader = fork();
  if (Leader == 0)
    becomeCommand(Arguments.data(), Ready[0], Problem[1]);
  int Number = errno;
  close(Problem[1]);
  if (Leader < 0)
    return failed("cannot start a process", Number);
  constexpr long Options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE |
                           PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                           PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
  if (ptrace(PTRACE_SEIZE, Leader, nullptr, Options)) {
    Number = errno;
    kill(Leader, SIGKILL);
    waitpid(Leader, nullptr, __WALL);
    return failed("this system does not let a command be traced", Number);
  }
  Threads.insert(Leader);
  if (write(Ready[1], "", 1) != 1)
    return failed("pipe", errno);
  // Nothing to read: the pipe was closed by exec.
  if (read(Problem[0], &Number, sizeof(Number)) == sizeof(Number)) {
    waitpid(Leader, nullptr, __WALL);
    Threads.clear();
    return failed("cannot run `" + Words[0] + "`", Number);
  }
  return Error::success();
}

Error Tracer::follow() {
  StopSignals Signals; // not before the command has begun, which inherits
  while (!Threads.empty()) {
    if (int Signal = Signals.received()) {
      release();
      Status = 128 + Signal;
      break;
    }
    int How = 0;
    pid_t Thread = waitpid(-1, &How, __WALL);
    if (Thread < 0 && errno == EINTR)
      continue;
    if (Thread < 0) // of a child, the end may be seen before the start
      break;
    if (!WIFSTOPPED(How))
      ended(Thread, How);
    else if (Error E = stopped(Thread, How))
      return E;
  }
  return Error::success();
}

void Tracer::ended(pid_t Thread, int How) {
  Threads.erase(Thread);
  Inside.erase(Thread);
  if (Thread == Leader)
    Status = WIFEXITED(How) ? WEXITSTATUS(How) : 128 + WTERMSIG(How);
}

/// A stop of \p Thread may be the first that is heard of it or of its child.
void Tracer::noteChild(pid_t Thread, int How) {
  Threads.insert(Thread);
  unsigned Event = unsigned(How) >> 16;
  unsigned long Child = 0;
  if ((Event == PTRACE_EVENT_CLONE || Event == PTRACE_EVENT_FORK ||
       Event == PTRACE_EVENT_VFORK) &&
      !ptrace(PTRACE_GETEVENTMSG, Thread, nullptr, &Child))
    Threads.insert(pid_t(Child));
}

Error Tracer::stopped(pid_t Thread, int How) {
  noteChild(Thread, How);
  int Signal = WSTOPSIG(How);
  unsigned Event = unsigned(How) >> 16;
  auto Request = PTRACE_SYSCALL;
  long Deliver = 0;
  Error E = Error::success();
  if (Signal == (SIGTRAP | 0x80)) {
    E = systemCall(Thread);
  } else if (Event == PTRACE_EVENT_STOP && Signal != SIGTRAP) {
    Request = PTRACE_LISTEN;
  } else if (Event == PTRACE_EVENT_EXEC) {
    // The thread that called exec goes on under the leader's number.
    unsigned long Former = 0;
    ptrace(PTRACE_GETEVENTMSG, Thread, nullptr, &Former);
    if (pid_t(Former) != Thread) {
      Inside[Thread] = Inside[pid_t(Former)];
      Threads.erase(pid_t(Former));
      Inside.erase(pid_t(Former));
    }
  } else if (!Event) {
    Deliver = Signal;
  }
  // A thread that was killed meanwhile cannot go on: waitpid will tell.
  ptrace(Request, Thread, nullptr, Deliver);
  return E;
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
  iovec Into{&Registers, sizeof(Registers)};
  if (ptrace(PTRACE_GETREGSET, Thread, NT_PRSTATUS, &Into))
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
  if (Enters)
    Inside[Thread] = Call.entry.nr;
  else if (!Inside.count(Thread)) // it was under way when tracing began
    return Error::success();
  uint64_t Number = Inside[Thread];
  if (!Enters)
    Inside.erase(Thread);
  for (unsigned N = 0; N != Probes.size(); ++N) {
    const Probe &P = Probes[N];
    if ((P.At == Probe::Enter) != Enters || (P.Syscall && *P.Syscall != Number))
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

/// Stops all, and lets them go on untraced with the signals that they were to
/// get.
void Tracer::release() {
  for (pid_t Thread : Threads)
    ptrace(PTRACE_INTERRUPT, Thread, nullptr, nullptr);
  while (!Threads.empty()) {
    int How = 0;
    pid_t Thread = waitpid(-1, &How, __WALL);
    if (Thread < 0 && errno == EINTR)
      continue;
    if (Thread < 0)
      return;
    if (!WIFSTOPPED(How)) {
      ended(Thread, How);
      continue;
    }
    int Signal = WSTOPSIG(How);
    noteChild(Thread, How);
    bool IsSignal = How >> 16 == 0 && Signal != (SIGTRAP | 0x80);
    ptrace(PTRACE_DETACH, Thread, nullptr, IsSignal ? Signal : 0);
    Threads.erase(Thread);
  }
}

Error Command::run(Handler Handle) {
  Tracer T(Env, Probes, Handle);
  if (Error E = T.start(Words))
    return E;
  if (Error E = T.follow())
    return E;
  Status = T.status();
  return Error::success();
}

} // namespace bpfcc
