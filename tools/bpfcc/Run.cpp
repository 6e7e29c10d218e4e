// `bpfcc run x.o`: runs a program of an object in user space.

#include "runtime/hooks/Command.h"
#include "runtime/hooks/Given.h"
#include "runtime/hooks/Interface.h"
#include "runtime/hooks/Pcap.h"
#include "runtime/interp/Instance.h"
#include "runtime/interp/Interp.h"
#include "runtime/jit/Engine.h"
#include "support/Diagnostic.h"
#include "support/ExitCode.h"
#include "tools/bpfcc/Commands.h"
#include "tools/bpfcc/PrintEvents.h"
#include "tools/bpfcc/RunContext.h"
#include "tools/bpfcc/RunFile.h"
#include "tools/bpfcc/RunKernel.h"
#include "tools/bpfcc/RunOptions.h"
#include "tools/bpfcc/RunReport.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SwapByteOrder.h"

#include <cstring>
#include <ctime>

using namespace llvm;

namespace bpfcc::tools {

static Error userError(const Twine &What) {
  return diagError(DiagCode::RunError, {}, What.str());
}

/// The program that was asked for, or the only one; of a command's, all.
static Expected<std::vector<uint32_t>> choose(const Program &P,
                                              const RunOptions &O) {
  std::vector<uint32_t> Programs;
  for (uint32_t N = 0; N != P.Subprogs.size(); ++N)
    if (P.Subprogs[N].IsProgram &&
        (O.Prog.empty() || P.Subprogs[N].Name == O.Prog))
      Programs.push_back(N);
  if (Programs.size() == 1 || (!Programs.empty() && !O.Command.empty()))
    return Programs;
  std::string Names = programNames(P);
  if (Names.empty())
    return userError("`" + O.File + "` holds no program");
  if (Programs.empty())
    return userError("`" + O.File + "` holds no program `" + O.Prog +
                     "`; it holds " + Names);
  return userError("`" + O.File +
                   "` holds several programs, choose one by "
                   "--prog: " +
                   Names);
}

static Error update(const Program &P, Instance &I,
                    const RunOptions::MapUpdate &U) {
  auto Number = requireMap(P, U.Map);
  if (!Number)
    return Number.takeError();
  Map &M = *I.Maps[*Number];
  if (U.Key.size() != M.def().KeySize || U.Value.size() != M.def().ValueSize)
    return userError("map `" + U.Map + "` has keys of " +
                     Twine(M.def().KeySize) + " and values of " +
                     Twine(M.def().ValueSize) + " bytes, not " +
                     Twine(U.Key.size()) + " and " + Twine(U.Value.size()));
  if (int Result = M.update(U.Key.data(), U.Value.data(), 0, I.Env.Cpu))
    return userError("map `" + U.Map +
                     "` refuses the element: " + std::strerror(-Result));
  return Error::success();
}

static Error setTail(const Program &P, Instance &I,
                     const RunOptions::TailEntry &T) {
  auto Number = requireMap(P, T.Map);
  if (!Number)
    return Number.takeError();
  uint32_t Target = findSubprog(P, T.Prog);
  if (Target == ~0u)
    return userError("there is no program `" + T.Prog + "`; there are " +
                     programNames(P));
  uint8_t Key[4], Value[4];
  I.Mem.store(Key, 4, T.Index);
  I.Mem.store(Value, 4, Target + 1);
  Map &M = *I.Maps[*Number];
  if (M.def().KeySize != 4 || M.def().ValueSize != 4)
    return userError("map `" + T.Map + "` is no program array");
  if (int Result = M.update(Key, Value, 0, 0))
    return userError("map `" + T.Map + "` refuses element " + Twine(T.Index) +
                     ": " + std::strerror(-Result));
  return Error::success();
}

static Error prepare(const Program &P, Instance &I, const RunOptions &O) {
  I.Env.Cpu = O.Cpu.value_or(0);
  I.Env.BootNanoseconds = O.Time;
  bool Live = !O.Command.empty() || !O.Iface.empty();
  I.Env.HostClock = O.HostClock || (Live && !O.Time);
  I.Env.Random.seed(O.Seed);
  I.Env.KeepEvents = O.Events;
  I.Env.Trace = O.Json ? &errs() : &outs();
  for (const RunOptions::MapUpdate &U : O.MapUpdates)
    if (Error E = update(P, I, U))
      return E;
  for (const RunOptions::TailEntry &T : O.Tails)
    if (Error E = setTail(P, I, T))
      return E;
  return Error::success();
}

/// The packets that were asked for.
static Expected<Frames> packets(const RunOptions &O, StringRef Prog) {
  Frames Packets;
  if (!O.Pcap.empty()) {
    auto Read = readPcap(O.Pcap);
    if (!Read)
      return Read.takeError();
    Packets = std::move(*Read);
  }
  if (O.Data)
    Packets.add(*O.Data);
  else if (O.Pcap.empty())
    return userError("`" + Prog +
                     "` runs on packets: give some by --pcap or --data");
  if (O.Ctx)
    return userError("`" + Prog +
                     "` runs on packets: --ctx is for other programs");
  return Packets;
}

/// What gives \p S its contexts.
static Expected<std::unique_ptr<EventSource>>
eventSource(const RunOptions &O, const Program &P, const Subprog &S,
            const BtfFile &Btf, Environment &Env) {
  HookInfo Info = hookForSection(S.Section);
  if (takesPackets(Info.Kind)) {
    PacketOptions Options;
    Options.Ifindex = O.Ifindex;
    Options.Type = target::progTypeForSection(S.Section);
    Options.AsTestRun = O.AsTestRun;
    if (!O.Iface.empty())
      return std::make_unique<Interface>(
          Env, Info.Kind, Options, O.Iface,
          Interface::Limits{O.Count, O.Duration});
    auto Packets = packets(O, S.Name);
    if (!Packets)
      return Packets.takeError();
    return std::make_unique<GivenPackets>(Env, Info.Kind, Options,
                                          std::move(*Packets), O.Repeat);
  }
  if (!O.Pcap.empty() || O.Data || !O.Iface.empty())
    return userError("`" + S.Name + "` in section `" + S.Section +
                     "` does not run on packets");
  auto Bytes = contextBytes(O, P, S, Btf, Info.CtxSize);
  if (!Bytes)
    return Bytes.takeError();
  return std::make_unique<GivenContext>(Env, Info.CtxWritable,
                                        std::move(*Bytes), O.Repeat);
}

/// The command that \p O asks for, with a place in it for each of \p Programs.
static Expected<std::unique_ptr<Command>> command(const RunOptions &O,
                                                  const Program &P,
                                                  ArrayRef<uint32_t> Programs,
                                                  Environment &Env) {
  if (P.BigEndian != sys::IsBigEndianHost)
    return userError("`" + O.File +
                     "` is for the other byte order than the command");
  std::vector<Probe> Probes;
  for (uint32_t N : Programs) {
    auto Place = probeForSection(P.Subprogs[N].Section);
    if (!Place)
      return Place.takeError();
    Probes.push_back(*Place);
  }
  return std::make_unique<Command>(Env, std::move(Probes), O.Command);
}

/// What this thread has taken of a processor.
static double processorSeconds() {
  timespec Now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &Now);
  return double(Now.tv_sec) + double(Now.tv_nsec) / 1e9;
}

/// Runs programs on each event of \p Source; those of \p Reports, by number.
static Error runEvents(EventSource &Source, Engine &Exec, Environment &Env,
                       const RunOptions &O,
                       MutableArrayRef<RunReport> Reports) {
  RunLimits Limits;
  Limits.MaxInsts = O.MaxInsts;
  bool InTurn = O.Cpus && !O.Cpu;
  double Start = processorSeconds();
  Error E = Source.run([&](unsigned Prog, uint64_t Ctx) -> Expected<uint64_t> {
    RunReport &Report = Reports[Prog];
    if (InTurn)
      Env.Cpu = unsigned(Report.Runs % O.Cpus);
    if (Error E = Exec.passTime(Env.EventTime, Limits))
      return std::move(E);
    auto R = Exec.run(Report.Entry, Ctx, Limits);
    if (!R)
      return R.takeError();
    if (Error E = Exec.passTime(Env.BootNanoseconds, Limits))
      return std::move(E);
    ++Report.Runs;
    Report.Insts += R->Insts;
    ++Report.Returns[uint32_t(R->R0)];
    return R->R0;
  });
  if (!E)
    E = Exec.passTime(Env.BootNanoseconds + O.Linger, Limits);
  for (RunReport &Report : Reports)
    Report.Seconds = processorSeconds() - Start;
  return E;
}

/// Gives the status to exit with.
static Expected<int> run(const RunOptions &O) {
  auto From = loadRunFile(O);
  if (!From)
    return From.takeError();
  if (!O.EmitNative.empty()) {
    if (Error E = writeNative(O, *From))
      return std::move(E);
    return ExitOk;
  }
  const Program *P = &From->P;
  if (O.Kernel) {
    if (Error E = runInKernel(O, *P))
      return std::move(E);
    return ExitOk;
  }
  auto Programs = choose(*P, O);
  if (!Programs)
    return Programs.takeError();
  auto Btf = readBtf(P->Btf, {}, P->BigEndian);
  if (!Btf)
    return Btf.takeError();
  auto Types = EventTypes::find(*Btf, *P, O);
  if (!Types)
    return Types.takeError();
  auto I = instantiate(*P, O.Cpus ? O.Cpus : NumCpus);
  if (!I)
    return I.takeError();
  if (Error E = prepare(*P, **I, O))
    return std::move(E);
  auto Exec = makeEngine(O, *From, (*I)->Env);
  if (!Exec)
    return Exec.takeError();

  std::vector<RunReport> Reports(Programs->size());
  for (size_t N = 0; N != Reports.size(); ++N)
    Reports[N].Entry = (*Programs)[N];
  int Status = ExitOk;
  if (!O.Command.empty()) {
    auto Traced = command(O, *P, *Programs, (*I)->Env);
    if (!Traced)
      return Traced.takeError();
    outs().flush();
    if (Error E = runEvents(**Traced, *Exec, (*I)->Env, O, Reports))
      return std::move(E);
    Status = (*Traced)->status();
  } else {
    auto Source =
        eventSource(O, *P, P->Subprogs[Programs->front()], *Btf, (*I)->Env);
    if (!Source)
      return Source.takeError();
    if (Error E = runEvents(**Source, *Exec, (*I)->Env, O, Reports))
      return std::move(E);
  }
  (O.Json ? printJson : printText)(outs(), *P, **I, *Btf, *Types, O, Reports);
  return Status;
}

int runCommand(Arguments Args) {
  auto O = parseRunOptions(Args);
  if (!O) {
    // A file that cannot be read is no fault of the command line.
    bool WrongFile = false;
    Error E = handleErrors(
        O.takeError(), [&](std::unique_ptr<DiagnosticError> D) -> Error {
          WrongFile = D->diagnostic().Code == DiagCode::CannotOpen;
          return Error(std::move(D));
        });
    int Status = reportErrors(errs(), std::move(E));
    return Status == ExitUserError && !WrongFile ? int(ExitUsage) : Status;
  }
  if (O->Help) {
    outs() << runUsage();
    return ExitOk;
  }
  auto Status = run(*O);
  return Status ? *Status : reportErrors(errs(), Status.takeError());
}

} // namespace bpfcc::tools
