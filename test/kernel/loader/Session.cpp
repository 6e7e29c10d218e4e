// Loads all programs of an object in one go and still gets a verdict for each.
//
// libbpf gives up on an object at the first program that the kernel rejects,
// and to open a selftest anew for each of its two hundred programs takes
// minutes in an emulated machine. So the linker redirects libbpf's calls of
// syscall() to here (--wrap=syscall). What is not BPF_PROG_LOAD goes through;
// what is, is timed and recorded. In place of a rejected program libbpf gets a
// trivial one and continues. Programs are told apart by the log buffer that
// each was given.
//
// libbpf also fails by itself, at a map that the kernel does not know or a
// function that it has not: that program is marked, and the others are tried
// without it.

#include "Session.h"

#include "Complete.h"

#include <algorithm>
#include <bpf/bpf.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

using namespace bpfcc;

static constexpr size_t ShortLog = 4096, LongLog = 16 << 20;
static constexpr uint32_t Statistics = 4; // a log level

static Session *Current;
Session *Session::current() { return Current; }

extern "C" long __real_syscall(long Number, ...);
extern "C" long __wrap_syscall(long Number, long A, long B, long C, long D,
                               long E, long F) {
  if (Number == __NR_bpf && A == BPF_PROG_LOAD && Current) {
    bool Ours = false;
    long Result =
        Current->load(*reinterpret_cast<bpf_attr *>(B), size_t(C), Ours);
    if (Ours)
      return Result;
  }
  return __real_syscall(Number, A, B, C, D, E, F);
}

static int complain(libbpf_print_level Level, const char *Format,
                    va_list Args) {
  char Text[1024];
  if (Level == LIBBPF_WARN && Current &&
      std::vsnprintf(Text, sizeof(Text), Format, Args) > 0)
    Current->complain(Text);
  return 0;
}

static volatile sig_atomic_t TimeIsUp;
static void noteTime(int) { TimeIsUp = 1; }

Session::Session(std::string File, unsigned Limit)
    : File(std::move(File)), Limit(Limit), Log(LongLog) {
  const bpf_insn Trivial[] = {{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0},
                              {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}};
  Stand = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "trivial", "GPL", Trivial,
                        2, nullptr);
  // Without SA_RESTART: the verifier stops when a signal is pending.
  struct sigaction Action = {};
  Action.sa_handler = noteTime;
  sigaction(SIGALRM, &Action, nullptr);
  libbpf_set_print(::complain);
  Current = this;
}

Session::~Session() {
  Current = nullptr;
  close(Stand);
}

/// The last number-carrying line that starts with \p Prefix, behind it.
static const char *lastAfter(const char *Log, const char *Prefix) {
  const char *Last = nullptr;
  for (const char *At = Log; (At = std::strstr(At, Prefix));)
    Last = At += std::strlen(Prefix);
  return Last;
}

static void readStatistics(const char *Log, ProgramResult &R) {
  if (const char *P = lastAfter(Log, "processed "))
    std::sscanf(P,
                "%lu insns (limit %*d) max_states_per_insn %*d "
                "total_states %lu peak_states %lu",
                &R.Processed, &R.States, &R.PeakStates);
  if (const char *P = lastAfter(Log, "stack depth "))
    R.Stack.assign(P, std::strspn(P, "0123456789+"));
}

/// The bytes of machine code that the kernel made of a program.
static unsigned machineCodeSize(int Fd) {
  bpf_prog_info Info = {};
  __u32 Size = sizeof(Info);
  return bpf_obj_get_info_by_fd(Fd, &Info, &Size) == 0 ? Info.jited_prog_len
                                                       : 0;
}

static std::string inOneLine(std::string S) {
  for (char &C : S)
    if (C == '\t' || C == '\n' || C == '\r')
      C = ' ';
  S.erase(S.find_last_not_of(' ') + 1);
  return S;
}

/// The last line that is not statistics.
static std::string lastLine(const std::string &Log) {
  std::string Last;
  for (size_t At = 0; At < Log.size();) {
    size_t End = std::min(Log.find('\n', At), Log.size());
    std::string Line = Log.substr(At, std::min(End - At, size_t(300)));
    bool IsStatistics = false;
    for (const char *P : {"processed ", "verification time ", "stack depth ",
                          "max_states", "mark_precise"})
      IsStatistics |= Line.compare(0, std::strlen(P), P) == 0;
    if (!Line.empty() && !IsStatistics)
      Last = Line;
    At = End + 1;
  }
  return inOneLine(Last);
}

long Session::loadWithin(bpf_attr &Attributes, size_t Size) {
  itimerval Timer = {{0, 0}, {time_t(Limit), 0}}, Off = {};
  TimeIsUp = 0;
  setitimer(ITIMER_REAL, &Timer, nullptr);
  long Fd;
  do // the kernel may also want to be asked again
    Fd = __real_syscall(__NR_bpf, BPF_PROG_LOAD, &Attributes, Size);
  while (Fd < 0 && errno == EAGAIN && !TimeIsUp);
  int Error = errno;
  setitimer(ITIMER_REAL, &Off, nullptr);
  errno = Error;
  return Fd;
}

long Session::loadWithLog(bpf_attr &Attributes, size_t Size, uint32_t Level) {
  bpf_attr Copy = {};
  std::memcpy(&Copy, &Attributes, std::min(Size, sizeof(Copy)));
  Copy.log_buf = reinterpret_cast<uintptr_t>(Log.data());
  Copy.log_size = uint32_t(Log.size());
  Copy.log_level = Level;
  Log[0] = 0;
  return loadWithin(Copy, std::min(Size, sizeof(Copy)));
}

long Session::load(bpf_attr &Attributes, size_t Size, bool &Ours) {
  auto *Short = reinterpret_cast<char *>(uintptr_t(Attributes.log_buf));
  if (!Short || Short < ShortLogs.data() ||
      Short >= ShortLogs.data() + ShortLogs.size())
    return -1;
  Ours = true;
  ProgramResult &R = Results[size_t(Short - ShortLogs.data()) / ShortLog];
  R.Slots = Attributes.insn_cnt;
  long Fd = loadWithin(Attributes, Size);
  R.Error = Fd < 0 ? errno : 0;
  readStatistics(Short, R);
  if (Fd < 0 && TimeIsUp) {
    R.Decision = ProgramResult::Timeout;
    R.Reason = "longer than " + std::to_string(Limit) + " s";
    return dup(Stand);
  }
  R.Decision = Fd < 0 ? ProgramResult::Rejected : ProgramResult::Ok;
  if (Fd < 0 || !R.Said.Messages.empty()) {
    long Second = loadWithLog(Attributes, Size, R.Said.LogLevel);
    if (Second >= 0)
      close(int(Second));
    R.SaidSo = hasMessages(Log.data(), R.Said.Messages);
  }
  if (Fd >= 0) {
    R.Jited = machineCodeSize(int(Fd));
    return Fd;
  }
  R.Reason = lastLine(Log.data());
  if (R.Reason.empty())
    R.Reason = std::strerror(R.Error);
  return dup(Stand);
}

bpf_object *Session::open() {
  Complaints.clear();
  return bpf_object__open_file(File.c_str(), nullptr);
}

void Session::prepare(bpf_object *O) {
  size_t I = 0;
  bpf_program *P;
  bpf_object__for_each_program(P, O) {
    ProgramResult &R = Results[I];
    bpf_program__set_autoload(P, R.Decision == ProgramResult::Undecided);
    completeType(O, P);
    R.Type = bpf_program__type(P);
    bpf_program__set_flags(P, bpf_program__flags(P) | R.Said.Flags);
    bpf_program__set_log_buf(P, &ShortLogs[I * ShortLog], ShortLog);
    bpf_program__set_log_level(P, Statistics);
    ++I;
  }
  completeMaps(O);
  bpf_map *M;
  bpf_object__for_each_map(M, O) {
    bool IsStructOps = bpf_map__type(M) == BPF_MAP_TYPE_STRUCT_OPS;
    if (DeadMaps.count(bpf_map__name(M)) || (IsStructOps && !WithStructOps))
      bpf_map__set_autocreate(M, false);
  }
}

void Session::decideRest(ProgramResult::Verdict V, int Error,
                         const std::string &Reason) {
  for (ProgramResult &R : Results)
    if (R.Decision == ProgramResult::Undecided) {
      R.Decision = V;
      R.Error = Error;
      R.Reason = Reason;
    }
}

/// Finds what libbpf stumbled over and leaves it out from now on; false if that
/// is the object as a whole.
bool Session::blame(int Error) {
  static constexpr char Program[] = "prog '", Map[] = "map '";
  for (size_t At = 0; (At = Complaints.find(Program, At)) != std::string::npos;
       ++At) {
    size_t Start = At + sizeof(Program) - 1;
    std::string Name =
        Complaints.substr(Start, Complaints.find('\'', Start) - Start);
    for (ProgramResult &R : Results)
      if (R.Name == Name && R.Decision == ProgramResult::Undecided) {
        R.Decision = ProgramResult::Unprepared;
        R.Error = Error;
        R.Reason = inOneLine(Complaints.substr(At, 300));
        return true;
      }
  }
  size_t Failed = Complaints.find("': failed to create");
  size_t At =
      Failed == std::string::npos ? Failed : Complaints.rfind(Map, Failed);
  if (At != std::string::npos) {
    size_t Start = At + sizeof(Map) - 1;
    if (DeadMaps.insert(Complaints.substr(Start, Failed - Start)).second)
      return true;
  }
  if (WithStructOps && Complaints.find("struct_ops") != std::string::npos) {
    WithStructOps = false;
    for (ProgramResult &R : Results)
      if (R.Decision == ProgramResult::Undecided &&
          R.Section.find("struct_ops") != std::string::npos) {
        R.Decision = ProgramResult::Unprepared;
        R.Error = Error;
        R.Reason = inOneLine(Complaints.substr(0, 300));
      }
    return true;
  }
  return false;
}

std::vector<ProgramResult> Session::run() {
  bpf_object *O = open();
  if (!O) {
    ProgramResult R;
    R.Decision = ProgramResult::Unprepared;
    R.Error = errno;
    R.Reason = inOneLine(Complaints);
    return {R};
  }
  bpf_program *P;
  bpf_object__for_each_program(P, O) {
    ProgramResult R;
    R.Name = bpf_program__name(P);
    R.Section = bpf_program__section_name(P);
    R.Said = readAnnotations(bpf_object__btf(O), bpf_program__name(P));
    Results.push_back(std::move(R));
  }
  ShortLogs.resize(Results.size() * ShortLog);
  for (;;) {
    prepare(O);
    int Error = bpf_object__load(O);
    bpf_object__close(O);
    if (Error == 0)
      decideRest(ProgramResult::Unprepared, 0, "libbpf does not load it");
    else if (!blame(-Error))
      decideRest(ProgramResult::Unprepared, -Error,
                 inOneLine(Complaints.substr(0, 300)));
    if (std::none_of(Results.begin(), Results.end(),
                     [](const ProgramResult &R) {
                       return R.Decision == ProgramResult::Undecided;
                     }))
      return Results;
    O = open();
    if (!O) {
      decideRest(ProgramResult::Unprepared, errno, inOneLine(Complaints));
      return Results;
    }
  }
}
