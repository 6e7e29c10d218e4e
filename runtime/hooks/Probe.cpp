#include "runtime/hooks/Probe.h"

#include "support/Diagnostic.h"

#include "llvm/ADT/StringSwitch.h"

#include <asm/unistd.h>

using namespace llvm;

namespace bpfcc {

/// The number of the system call that the kernel's tracepoints call \p Name.
static std::optional<uint64_t> syscallNumber(StringRef Name) {
  // Where they are named after the function and not after the call.
  Name = StringSwitch<StringRef>(Name)
             .Case("newstat", "stat")
             .Case("newlstat", "lstat")
             .Case("newfstat", "fstat")
             .Case("newuname", "uname")
             .Case("sendfile64", "sendfile")
             .Case("umount", "umount2")
             .Default(Name);
  struct Row {
    StringRef Name;
    uint64_t Number;
  };
  static constexpr Row Rows[] = {
#define SYSCALL(Name) {#Name, __NR_##Name},
#include "syscalls.def"
#undef SYSCALL
  };
  for (const Row &R : Rows)
    if (R.Name == Name)
      return R.Number;
  return std::nullopt;
}

/// `PATH:FUNCTION` or `PATH:FUNCTION+OFFSET`.
static std::optional<Probe> functionProbe(StringRef Where, bool OnReturn) {
  Probe P{OnReturn ? Probe::Return : Probe::FunctionStart, Probe::Registers};
  auto [Path, Place] = Where.rsplit(':');
  auto [Function, Offset] = Place.split('+');
  if (Path.empty() || Function.empty() ||
      (Place.contains('+') && (OnReturn || Offset.getAsInteger(0, P.Offset))))
    return std::nullopt;
  P.Path = Path.str();
  P.Function = Function.str();
  return P;
}

Expected<Probe> probeForSection(StringRef Section) {
  StringRef Rest = Section;
  Rest.consume_front("?");
  auto [Kind, Event] = Rest.split('/');
  auto Refuse = [&](const Twine &Why) {
    return diagError(DiagCode::RunError, {},
                     ("section `" + Section + "`: " + Why).str());
  };
  if (Kind == "tp" || Kind == "tracepoint") {
    auto [Group, Name] = Event.split('/');
    if (Group == "raw_syscalls" && (Name == "sys_enter" || Name == "sys_exit"))
      return Probe{Name == "sys_enter" ? Probe::Enter : Probe::Exit,
                   Probe::Record};
    bool Enters = Name.consume_front("sys_enter_");
    if (Group == "syscalls" && (Enters || Name.consume_front("sys_exit_"))) {
      auto Number = syscallNumber(Name);
      if (!Number)
        return Refuse("this machine has no system call `" + Name + "`");
      return Probe{Enters ? Probe::Enter : Probe::Exit, Probe::Record, Number};
    }
  }
  if ((Kind == "raw_tp" || Kind == "raw_tracepoint" || Kind == "tp_btf") &&
      (Event == "sys_enter" || Event == "sys_exit"))
    return Probe{Event == "sys_enter" ? Probe::Enter : Probe::Exit,
                 Probe::RawArguments};
  Kind.consume_back(".s");
  if (Kind == "uprobe" || Kind == "uretprobe") {
#ifdef __x86_64__
    if (auto P = functionProbe(Event, Kind == "uretprobe"))
      return *P;
    return Refuse("the function is to be named as PATH:FUNCTION");
#else
    return Refuse("functions of commands can be probed on x86-64 alone");
#endif
  }
  return Refuse("a command has events for tp/syscalls/*, tp/raw_syscalls/*, "
                "raw_tp/sys_enter and sys_exit, uprobe and uretprobe alone");
}

} // namespace bpfcc
