// `bpfcc run --kernel x.o`: the same object in the kernel of this machine.

#include "tools/bpfcc/RunKernel.h"

#include "backend/target/MapTypes.h"
#include "runtime/kernel/Attach.h"
#include "support/Diagnostic.h"
#include "support/InputFile.h"
#include "tools/bpfcc/PrintEvents.h"
#include "tools/bpfcc/PrintMaps.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/SwapByteOrder.h"

#include <bpf/bpf.h>
#include <chrono>
#include <csignal>
#include <map>

using namespace llvm;

namespace bpfcc::tools {

static Error checkOptions(const RunOptions &O) {
  if (!O.Pcap.empty() || O.Data || O.Ctx)
    return diagError(DiagCode::RunError, {},
                     "--kernel runs on what happens in the kernel: --pcap, "
                     "--data and --ctx are for user space");
  return Error::success();
}

/// A handler can only leave a mark. The command runs on a thread beside the
/// first one, so blocking signals on it would not keep them from the process.
static volatile sig_atomic_t Stop = 0;

static void catchSignals() {
  struct sigaction Action = {};
  Action.sa_handler = [](int) { Stop = 1; };
  sigaction(SIGINT, &Action, nullptr);
  sigaction(SIGTERM, &Action, nullptr);
}

/// Until a signal or the end of the time.
static void wait(KernelObject &K, double Seconds) {
  using Clock = std::chrono::steady_clock;
  auto Start = Clock::now();
  timespec Turn{0, 50'000'000};
  while (!Stop) {
    nanosleep(&Turn, nullptr);
    K.pollEvents();
    std::chrono::duration<double> Passed = Clock::now() - Start;
    if (Seconds && Passed.count() >= Seconds)
      break;
  }
  K.pollEvents();
}

static MapSource source(KernelObject &K, const MapDef &Def, uint64_t Events) {
  int Fd = K.mapFd(Def.Name);
  size_t Size = K.valueSize(Def.Name);
  // Keys that are removed meanwhile would start the walk again.
  auto Left = std::make_shared<uint64_t>(Def.MaxEntries);
  return {[Fd, Left](const uint8_t *Previous, uint8_t *Next) {
            return Fd >= 0 && (*Left)-- &&
                   !bpf_map_get_next_key(Fd, Previous, Next);
          },
          [Fd, Size](const uint8_t *Key) {
            std::vector<uint8_t> Value(Size);
            if (bpf_map_lookup_elem(Fd, Key, Value.data()))
              Value.clear();
            return Value;
          },
          Events};
}

static bool hasEvents(const MapDef &Def) {
  return target::MapType(Def.Type) == target::MapType::RingBuf ||
         target::MapType(Def.Type) == target::MapType::PerfEventArray;
}

static Error put(KernelObject &K, const Program &P, StringRef Name,
                 ArrayRef<uint8_t> Key, ArrayRef<uint8_t> Value) {
  auto Number = requireMap(P, Name);
  if (!Number)
    return Number.takeError();
  const MapDef &Def = P.Maps[*Number];
  if (Key.size() != Def.KeySize || Value.size() != Def.ValueSize)
    return diagError(DiagCode::RunError, {},
                     formatv("map `{0}` has keys of {1} and values of {2} "
                             "bytes, not {3} and {4}",
                             Name, Def.KeySize, Def.ValueSize, Key.size(),
                             Value.size()));
  // Each processor gets the value.
  std::vector<uint8_t> All(K.valueSize(Name));
  for (size_t At = 0; At < All.size(); At += alignTo(Value.size(), 8))
    llvm::copy(Value, All.begin() + At);
  if (bpf_map_update_elem(K.mapFd(Name), Key.data(), All.data(), BPF_ANY))
    return diagError(DiagCode::RunError, {},
                     "map `" + Name.str() +
                         "` refuses the element: " + std::strerror(errno));
  return Error::success();
}

/// Sets the elements that \p O asks for.
static Error fill(KernelObject &K, const Program &P, const RunOptions &O) {
  for (const RunOptions::MapUpdate &U : O.MapUpdates)
    if (Error E = put(K, P, U.Map, U.Key, U.Value))
      return E;
  for (const RunOptions::TailEntry &T : O.Tails) {
    int Fd = K.progFd(T.Prog);
    if (Fd < 0)
      return diagError(DiagCode::RunError, {},
                       "there is no program `" + T.Prog + "`; there are " +
                           programNames(P));
    uint8_t Key[4], Value[4];
    memcpy(Key, &T.Index, sizeof Key);
    memcpy(Value, &Fd, sizeof Value);
    if (Error E = put(K, P, T.Map, Key, Value))
      return E;
  }
  return Error::success();
}

Error runInKernel(const RunOptions &O, const Program &P) {
  if (Error E = checkOptions(O))
    return E;
  if (P.BigEndian != sys::IsBigEndianHost)
    return withHelp(
        diagError(DiagCode::RunError, {O.File, 0, 0},
                  P.BigEndian
                      ? "the object is big-endian, this machine is not"
                      : "the object is little-endian, this machine is not"),
        "compile it with --target=bpf, which is this machine's byte order");
  auto Btf = readBtf(P.Btf, {}, P.BigEndian);
  if (!Btf)
    return Btf.takeError();
  auto Buffer = readInputFile(O.File);
  if (!Buffer)
    return Buffer.takeError();
  auto Types = EventTypes::find(*Btf, P, O);
  if (!Types)
    return Types.takeError();
  catchSignals();

  auto K =
      KernelObject::load(O.File, arrayRefFromStringRef((*Buffer)->getBuffer()),
                         {O.Prog, O.Iface, O.Cgroup, O.Kconfig});
  if (!K)
    return K.takeError();
  if (Error E = fill(**K, P, O))
    return E;
  std::map<std::string, uint64_t> Events;
  raw_ostream &Log = O.Json ? errs() : outs();
  for (const MapDef &Def : P.Maps)
    if (hasEvents(Def))
      if (Error E = (*K)->readEvents(Def.Name, [&](ArrayRef<uint8_t> Bytes) {
            ++Events[Def.Name];
            if (O.Events)
              Log << "event " << Def.Name << ": "
                  << Types->text(Def.Name, Bytes) << '\n';
          }))
        return E;
  if (Error E = (*K)->attach())
    return E;
  for (const KernelObject::Attached &A : (*K)->attached())
    Log << A.Name << " (" << A.Section << "): attached\n";
  Log.flush();
  auto More = (*K)->runIterators([&](StringRef Text) { Log << Text; });
  if (!More)
    return More.takeError();
  Log.flush();
  if (*More)
    wait(**K, O.Duration);

  auto Maps = printedMaps(P, *Btf, O.Json || O.AllEntries, [&](uint32_t N) {
    return source(**K, P.Maps[N], Events[P.Maps[N].Name]);
  });
  if (O.Json)
    outs() << formatv("{0:2}",
                      json::Value(json::Object{{"maps", mapsAsJson(Maps)}}))
           << '\n';
  else if (!O.NoMaps)
    printMaps(outs(), Maps, O.AllEntries);
  return Error::success();
}

} // namespace bpfcc::tools
