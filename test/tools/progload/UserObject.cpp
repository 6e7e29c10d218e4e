#include "UserObject.h"

#include "backend/object/ElfFile.h"
#include "runtime/hooks/Context.h"
#include "support/Diagnostic.h"

#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <linux/bpf.h>
#include <random>

using namespace bpfcc;
using llvm::Error;

namespace {
/// A map that notes the keys it is asked for.
class WatchedMap : public Map {
public:
  WatchedMap(std::unique_ptr<Map> Real, Memory &Mem,
             std::set<std::vector<uint8_t>> &Keys)
      : Map(Real->def(), Mem), Real(std::move(Real)), Keys(Keys) {}
  uint64_t lookup(const uint8_t *Key, unsigned Cpu) override {
    constexpr size_t Enough = 4096;
    if (Keys.size() < Enough)
      Keys.insert({Key, Key + def().KeySize});
    return Real->lookup(Key, Cpu);
  }
  int update(const uint8_t *Key, const uint8_t *Value, uint64_t Flags,
             unsigned Cpu) override {
    return Real->update(Key, Value, Flags, Cpu);
  }
  int erase(const uint8_t *Key) override { return Real->erase(Key); }
  int nextKey(const uint8_t *Key, uint8_t *Next) override {
    return Real->nextKey(Key, Next);
  }
  std::vector<uint8_t> valueForUser(const uint8_t *Key) override {
    return Real->valueForUser(Key);
  }
  uint64_t serialOf(uint64_t Guest) const override {
    return Real->serialOf(Guest);
  }
  std::vector<uint8_t> keyOf(uint64_t Guest) const override {
    return Real->keyOf(Guest);
  }

private:
  std::unique_ptr<Map> Real;
  std::set<std::vector<uint8_t>> &Keys;
};
} // namespace

static HookKind hookKind(bpf_prog_type Type) {
  switch (Type) {
  case BPF_PROG_TYPE_XDP:
    return HookKind::Xdp;
  case BPF_PROG_TYPE_SCHED_CLS:
  case BPF_PROG_TYPE_SCHED_ACT:
    return HookKind::Tc;
  case BPF_PROG_TYPE_SOCKET_FILTER:
    return HookKind::SocketFilter;
  case BPF_PROG_TYPE_CGROUP_SKB:
    return HookKind::CgroupSkb;
  default:
    return HookKind::Raw;
  }
}

UserObject::UserObject(const std::string &File, const std::string &Name,
                       const KernelObject &Kernel)
    : Kind(hookKind(Kernel.type())), Types(Kernel.types()) {
  if (Kind == HookKind::Raw)
    Failure = "the interpreter has no such context";
  else if (Error E = open(File, Name, Kernel))
    Failure = takeMessages(std::move(E));
}

UserObject::~UserObject() = default;

llvm::Expected<bpfcc::Program> bpfcc::readProgram(const std::string &File) {
  auto Buffer = llvm::MemoryBuffer::getFile(File, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return llvm::errorCodeToError(Buffer.getError());
  llvm::StringRef Bytes = (*Buffer)->getBuffer();
  auto Obj =
      readElf(llvm::ArrayRef(reinterpret_cast<const uint8_t *>(Bytes.data()),
                             Bytes.size()),
              File);
  if (!Obj)
    return Obj.takeError();
  return loadProgram(*Obj, File);
}

Error UserObject::open(const std::string &File, const std::string &Name,
                       const KernelObject &Kernel) {
  auto Loaded = readProgram(File);
  if (!Loaded)
    return Loaded.takeError();
  P = std::move(*Loaded);
  for (MapDef &D : P.Maps)
    if (D.MaxEntries == 0 && !hasNoSize(D.Type))
      D.MaxEntries = 64; // as completeMaps does
  Entry = findSubprog(P, Name);
  if (Entry == ~0u)
    return diagError(DiagCode::RunError, {}, "no such program");
  auto Made = instantiate(P);
  if (!Made)
    return Made.takeError();
  I = std::move(*Made);
  fillProgArrays(Kernel);
  watchLookups();
  Interp = std::make_unique<Interpreter>(P, I->Env);
  return Error::success();
}

void UserObject::fillProgArrays(const KernelObject &Kernel) {
  for (const KernelObject::Slot &S : Kernel.slots()) {
    uint32_t Number = findMap(P, S.Map), Target = findSubprog(P, S.Program);
    if (Number == ~0u || Target == ~0u)
      continue;
    uint8_t Key[4], Value[4];
    I->Mem.store(Key, 4, S.Index);
    I->Mem.store(Value, 4, Target + 1);
    I->Maps[Number]->update(Key, Value, 0, 0);
  }
}

void UserObject::watchLookups() {
  for (std::unique_ptr<Map> &M : I->Maps)
    if (isPlain(M->def().Type) && M->def().Type != BPF_MAP_TYPE_ARRAY &&
        M->def().Type != BPF_MAP_TYPE_PERCPU_ARRAY) {
      auto &Keys = LookedUp[M->def().Name];
      M = std::make_unique<WatchedMap>(std::move(M), I->Mem, Keys);
    }
}

TestRun UserObject::run(const PacketBytes &Packet) {
  PacketOptions Options;
  Options.AsTestRun = true;
  Context C(I->Env, Kind, Packet, Options);
  TestRun R;
  auto Result = Interp->run(Entry, C.address());
  if (!Result) {
    R.Failure = takeMessages(Result.takeError());
    return R;
  }
  R.Return = uint32_t(Result->R0);
  if (Kind == HookKind::Xdp) // the kernel gives both back
    R.Packet = C.metadata();
  R.Packet.insert(R.Packet.end(), C.packet().begin(), C.packet().end());
  return R;
}

void UserObject::addEntries(uint32_t Number, Contents &To) const {
  Map &M = *I->Maps[Number];
  const MapDef &D = M.def();
  auto &Entries = To["map " + D.Name];
  if (D.Type == BPF_MAP_TYPE_QUEUE || D.Type == BPF_MAP_TYPE_STACK) {
    std::vector<uint8_t> Value(D.ValueSize);
    while (M.pop(Value.data()) == 0)
      Entries.push_back(hex(Value.data(), Value.size()));
    return;
  }
  if (!isPlain(D.Type))
    return;
  std::vector<uint8_t> Key(D.KeySize), Next(D.KeySize);
  for (const uint8_t *Previous = nullptr; M.nextKey(Previous, Next.data()) == 0;
       Previous = Key.data()) {
    Key = Next;
    std::vector<uint8_t> Value = M.valueForUser(Key.data());
    if (Value.empty())
      continue;
    if (auto Text = entryText(D.Type, Key, Value.data(), D.ValueSize, NumCpus))
      Entries.push_back(*Text);
  }
  std::sort(Entries.begin(), Entries.end());
}

Contents UserObject::contents() {
  Contents Result;
  for (uint32_t N = 0; N != P.Maps.size(); ++N) {
    const MapDef &D = P.Maps[N];
    if (D.Name[0] == '.') {
      uint8_t Zero[4] = {};
      addVariables(Types, D.Name, I->Maps[N]->valueForUser(Zero), Result);
      continue;
    }
    addEntries(N, Result);
    if (D.Type == BPF_MAP_TYPE_PERF_EVENT_ARRAY ||
        D.Type == BPF_MAP_TYPE_RINGBUF)
      Result["events " + D.Name];
  }
  for (const Environment::Event &E : I->Env.Events) {
    std::vector<uint8_t> Bytes = E.Bytes;
    // A perf record and its size of 4 bytes fill up 8 bytes.
    if (P.Maps[E.Map].Type == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
      Bytes.resize((Bytes.size() + 4 + 7) / 8 * 8 - 4);
    Result["events " + P.Maps[E.Map].Name].push_back(
        hex(Bytes.data(), Bytes.size()));
  }
  return Result;
}

void UserObject::set(const MapEntry &E) {
  uint32_t Number = findMap(P, E.Map);
  if (Number != ~0u && E.Key.size() == P.Maps[Number].KeySize &&
      E.Value.size() == P.Maps[Number].ValueSize)
    I->Maps[Number]->update(E.Key.data(), E.Value.data(), 0, 0);
}

std::vector<MapEntry> UserObject::likelyEntries() const {
  constexpr uint32_t MostEntries = 64;
  std::mt19937_64 Random{22};
  std::vector<MapEntry> Result;
  auto add = [&](const MapDef &D, std::vector<uint8_t> Key) {
    MapEntry E{D.Name, std::move(Key), std::vector<uint8_t>(D.ValueSize)};
    // Mostly small numbers: they may be actions, interfaces or limits.
    for (size_t At = 0; At < E.Value.size(); At += 4)
      E.Value[At] = uint8_t(Random() % 4 ? Random() % 5 : Random());
    Result.push_back(std::move(E));
  };
  for (const MapDef &D : P.Maps) {
    bool IsArray =
        D.Type == BPF_MAP_TYPE_ARRAY || D.Type == BPF_MAP_TYPE_PERCPU_ARRAY;
    if (IsArray && !llvm::StringRef(D.Name).starts_with(".")) {
      for (uint32_t N = 0; N != std::min(D.MaxEntries, MostEntries); ++N) {
        uint8_t Key[4];
        I->Mem.store(Key, 4, N);
        add(D, {Key, Key + 4});
      }
      continue;
    }
    auto Keys = LookedUp.find(D.Name);
    uint32_t Count = 0;
    if (Keys != LookedUp.end())
      for (const std::vector<uint8_t> &Key : Keys->second)
        if (Random() % 2 && Count++ < MostEntries)
          add(D, Key);
  }
  return Result;
}
