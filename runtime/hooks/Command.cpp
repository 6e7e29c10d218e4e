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
// A function is probed by a breakpoint: int3 in the place of its first byte
// stops the thread by SIGTRAP. To go on, the thread executes the instruction
// alone while the byte is back in its place; other threads with the same memory
// are stopped meanwhile, or they would run past the breakpoint. The end of a
// function is a breakpoint where it returns to, for the thread and the stack
// pointer of that call.
//
// The breakpoints of a new thread or child are known when its parent reports
// it, so until then it does not go on.
//
// Threads are seized rather than attached to, since only then can group stops
// be told from signals. Should this process be killed, the kernel kills what it
// traces (PTRACE_O_EXITKILL).

#include "runtime/hooks/Command.h"

#include "runtime/hooks/StopSignals.h"
#include "runtime/hooks/Tracer.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cerrno>
#include <cstring>
#include <elf.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

namespace bpfcc {

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
  begin(Leader, std::make_shared<Breakpoints>());
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

/// Waits for a thread that stops or ends.
std::pair<pid_t, int> Tracer::next() {
  std::pair<pid_t, int> Stop{};
  if (Pending.empty()) {
    Stop.first = waitpid(-1, &Stop.second, __WALL);
  } else {
    Stop = Pending.front();
    Pending.pop_front();
  }
  return Stop;
}

Error Tracer::follow() {
  StopSignals Signals; // not before the command has begun, which inherits
  while (!Threads.empty()) {
    if (int Signal = Signals.received()) {
      release();
      Status = 128 + Signal;
      break;
    }
    auto [Thread, How] = next();
    if (Thread < 0 && errno == EINTR)
      continue;
    if (Thread < 0)
      return failed("waitpid", errno);
    if (!WIFSTOPPED(How))
      ended(Thread, How);
    else if (Error E = stopped(Thread, How))
      return E;
  }
  return Error::success();
}

/// The process that started \p Process.
static pid_t parentOf(pid_t Process) {
  pid_t Parent = 0;
  auto Text = MemoryBuffer::getFileAsStream("/proc/" + std::to_string(Process) +
                                            "/stat");
  // After the name, which may hold anything: ") S PARENT ".
  if (Text)
    (*Text)
        ->getBuffer()
        .rsplit(") ")
        .second.substr(2)
        .split(' ')
        .first.getAsInteger(10, Parent);
  return Parent;
}

void Tracer::ended(pid_t Thread, int How) {
  Threads.erase(Thread);
  Inside.erase(Thread);
  Spaces.erase(Thread);
  Calls.erase(Thread);
  Vforks.erase(Thread);
  // A parent that was killed does not report them any more.
  for (pid_t Child : std::set<pid_t>(Early))
    if (!Threads.count(parentOf(Child)))
      begin(Child, std::make_shared<Breakpoints>());
  if (Thread == Leader)
    Status = WIFEXITED(How) ? WEXITSTATUS(How) : 128 + WTERMSIG(How);
}

/// Whether the threads \p A and \p B are of one process.
static bool areOneProcess(pid_t A, pid_t B) {
  return !access(
      ("/proc/" + std::to_string(A) + "/task/" + std::to_string(B)).c_str(),
      F_OK);
}

/// \p Thread is known from now on; if it has stopped already, it goes on.
void Tracer::begin(pid_t Thread, std::shared_ptr<Breakpoints> Space) {
  Threads.insert(Thread);
  Spaces[Thread] = std::move(Space);
  if (Early.erase(Thread))
    Pending.push_back({Thread, PTRACE_EVENT_STOP << 16 | SIGTRAP << 8 | 0x7f});
}

/// Notes the thread or child that \p Thread reports by this stop, if any.
void Tracer::noteChild(pid_t Thread, int How) {
  unsigned Event = unsigned(How) >> 16;
  unsigned long Child = 0;
  if ((Event != PTRACE_EVENT_CLONE && Event != PTRACE_EVENT_FORK &&
       Event != PTRACE_EVENT_VFORK) ||
      ptrace(PTRACE_GETEVENTMSG, Thread, nullptr, &Child))
    return;
  auto New = pid_t(Child);
  bool Shares = Event == PTRACE_EVENT_VFORK ||
                (Event == PTRACE_EVENT_CLONE && areOneProcess(Thread, New));
  auto &Space = Spaces[Thread];
  begin(New, Shares ? Space : std::make_shared<Breakpoints>(*Space));
  if (!Shares)
    Calls[New] = Calls[Thread];
  if (Event == PTRACE_EVENT_VFORK)
    Vforks.insert(Thread);
}

/// The process of \p Thread has become another program.
Error Tracer::replaced(pid_t Thread) {
  // The thread that called exec goes on under the leader's number.
  unsigned long Former = 0;
  ptrace(PTRACE_GETEVENTMSG, Thread, nullptr, &Former);
  if (pid_t(Former) != Thread) {
    Inside[Thread] = Inside[pid_t(Former)];
    Threads.erase(pid_t(Former));
    Inside.erase(pid_t(Former));
  }
  Calls.erase(Thread);
  Spaces[Thread] = std::make_shared<Breakpoints>();
  return HasFunctions ? Spaces[Thread]->place(Thread, Probes)
                      : Error::success();
}

/// Whether \p Thread has come to a breakpoint: then \p Registers are those
/// before it. int3 leaves the address behind it.
static bool isAtBreakpoint(pid_t Thread, const Breakpoints &Space,
                           HostRegisters &Registers) {
#ifdef __x86_64__
  siginfo_t Info{};
  if (ptrace(PTRACE_GETSIGINFO, Thread, nullptr, &Info) ||
      (Info.si_code != SI_KERNEL && Info.si_code != TRAP_BRKPT) ||
      !readRegisters(Thread, Registers) || !Space.isAt(Registers.rip - 1))
    return false;
  --Registers.rip;
  iovec From{&Registers, sizeof(Registers)};
  return !ptrace(PTRACE_SETREGSET, Thread, NT_PRSTATUS, &From);
#else
  return false;
#endif
}

Error Tracer::stopped(pid_t Thread, int How) {
  int Signal = WSTOPSIG(How);
  unsigned Event = unsigned(How) >> 16;
  auto Request = PTRACE_SYSCALL;
  long Deliver = 0;
  Error E = Error::success();
  Vforks.erase(Thread);
  if (Event == PTRACE_EVENT_EXEC) {
    E = replaced(Thread);
  } else if (Threads.insert(Thread).second && !Spaces.count(Thread)) {
    Early.insert(Thread);
    return E;
  } else if (Signal == (SIGTRAP | 0x80)) {
    E = systemCall(Thread);
  } else if (Event == PTRACE_EVENT_STOP && Signal != SIGTRAP) {
    Request = PTRACE_LISTEN;
  } else if (Event) {
    noteChild(Thread, How);
  } else {
    HostRegisters Registers{};
    Deliver = Signal;
    if (Signal == SIGTRAP &&
        isAtBreakpoint(Thread, *Spaces[Thread], Registers)) {
      uint64_t Address = programCounter(Registers);
      E = breakpoint(Thread, Address, Registers);
      Deliver = stepOver(Thread, Address);
    }
  }
  // A thread that was killed meanwhile cannot go on: waitpid will tell.
  ptrace(Request, Thread, nullptr, Deliver);
  return E;
}

/// Lets a thread that is stopped go on untraced, without breakpoints and with
/// the signal that it was to get.
void Tracer::letGo(pid_t Thread, int How) {
  noteChild(Thread, How);
  int Signal = WSTOPSIG(How);
  if (How >> 16 || Signal == (SIGTRAP | 0x80))
    Signal = 0;
  if (auto It = Spaces.find(Thread); It != Spaces.end()) {
    HostRegisters Registers{};
    It->second->liftAll(Thread);
    if (Signal == SIGTRAP && isAtBreakpoint(Thread, *It->second, Registers))
      Signal = 0;
  }
  ptrace(PTRACE_DETACH, Thread, nullptr, Signal);
  Threads.erase(Thread);
}

void Tracer::release() {
  for (pid_t Thread : Threads)
    ptrace(PTRACE_INTERRUPT, Thread, nullptr, nullptr);
  while (!Threads.empty()) {
    auto [Thread, How] = next();
    if (Thread < 0 && errno == EINTR)
      continue;
    if (Thread < 0)
      return;
    if (!WIFSTOPPED(How))
      ended(Thread, How);
    else if (Spaces.count(Thread) || How >> 16 != PTRACE_EVENT_STOP)
      letGo(Thread, How);
    else
      Early.insert(Thread);
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
