#include "Remote.h"
#include "Inputs/Wire.h"

#include "runtime/aot/Emit.h"
#include "runtime/jit/Placed.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"

#include <cstring>
#include <unistd.h>

using namespace llvm;

namespace bpfcc::test {

using namespace jit;

namespace {

/// What CTest says of the machine.
const char *setting(const char *Name) {
  const char *Value = getenv(Name);
  if (!Value)
    report_fatal_error(Twine(Name) + " is not set: CTest sets it");
  return Value;
}

/// The emulator, started when it is first needed.
class Emulator {
public:
  static Emulator &get() {
    static Emulator E;
    return E;
  }

  void send(const void *From, size_t Size) {
    for (const char *At = static_cast<const char *>(From); Size;) {
      ssize_t Done = write(To[1], At, Size);
      if (Done <= 0)
        report_fatal_error("the emulator takes no more");
      At += Done;
      Size -= size_t(Done);
    }
  }
  void receive(void *Into, size_t Size) {
    for (char *At = static_cast<char *>(Into); Size;) {
      ssize_t Got = read(From[0], At, Size);
      if (Got <= 0)
        report_fatal_error("the emulated program ended");
      At += Got;
      Size -= size_t(Got);
    }
  }
  template <class T> void send(const T &V) { send(&V, sizeof V); }
  template <class T> T receive() {
    T V;
    receive(&V, sizeof V);
    return V;
  }

private:
  Emulator() {
    if (pipe(To) || pipe(From))
      report_fatal_error("no pipes");
    if (fork() == 0) {
      dup2(To[0], 0);
      dup2(From[1], 1);
      close(To[1]);
      close(From[0]);
      std::string Command = std::string("exec ") + setting("BPFCC_TEST_HOST");
      execl("/bin/sh", "sh", "-c", Command.c_str(), nullptr);
      _exit(127);
    }
    close(To[0]);
    close(From[1]);
  }
  int To[2], From[2];
};

/// Which environment a State belongs to, of the programs that exist.
std::map<const void *, Environment *> &worlds() {
  static std::map<const void *, Environment *> Worlds;
  return Worlds;
}
/// Where code enters there, by the program's State.
std::map<const void *, uint64_t> &entries() {
  static std::map<const void *, uint64_t> Entries;
  return Entries;
}

Frame *outermost(State *S) { return S->Run.Last - BPFCC_NATIVE_FRAMES; }

void sendWorld(State *S, Environment &Env) {
  Emulator &E = Emulator::get();
  auto Regions = Env.Mem.regions();
  WireWorld W = {};
  memcpy(&W.State, S, sizeof W.State);
  memcpy(W.Frames, outermost(S), sizeof W.Frames);
  W.Top = uint64_t(S->Run.Top - outermost(S));
  W.Maps = Env.Maps.size();
  W.Regions = Regions.size();
  E.send(W);
  E.send(S->Values, W.Maps * sizeof *S->Values);
  for (const std::unique_ptr<Map> &M : Env.Maps) {
    ArrayRef<uint64_t> Elements = M->elementAddresses();
    E.send(uint64_t(Elements.size()));
    E.send(Elements.data(), Elements.size() * 8);
  }
  for (auto [Guest, Size] : Regions) {
    E.send(WireRegion{Guest, Size});
    E.send(Env.Mem.host(Guest), Size);
    E.send(Env.Mem.rights() + Guest, Size);
  }
}

void receiveWorld(State *S, Environment &Env) {
  Emulator &E = Emulator::get();
  auto W = E.receive<WireWorld>();
  State Theirs;
  memcpy(&Theirs, &W.State, sizeof Theirs);
  memcpy(outermost(S), W.Frames, sizeof W.Frames);
  S->Run.Left = Theirs.Run.Left;
  S->Run.Top = outermost(S) + W.Top;
  std::copy(std::begin(Theirs.R), std::end(Theirs.R), S->R);
  S->SavedStack = Theirs.SavedStack;
  S->Scratch = Theirs.Scratch;
  S->Inst = Theirs.Inst;
  S->Status = Theirs.Status;
  S->Helper = Theirs.Helper;
  for (auto [Guest, Size] : Env.Mem.regions())
    E.receive(Env.Mem.host(Guest), Size);
}

/// What Jit enters code by.
uint64_t enter(State *S, uint64_t Code) {
  Emulator &E = Emulator::get();
  Environment &Env = *worlds().at(S);
  E.send(uint64_t(WireRun));
  E.send(WireRunMessage{entries().at(S), Code});
  sendWorld(S, Env);
  for (;;) {
    if (E.receive<uint64_t>() == WireDone) {
      auto R0 = E.receive<uint64_t>();
      receiveWorld(S, Env);
      return R0;
    }
    auto M = E.receive<WireServiceMessage>();
    receiveWorld(S, Env);
    const Service Services[] = {S->CallHelper, S->TailCall, S->LoadPacket,
                                S->LookupIn};
    Answer A = Services[M.Which](M.Args[0], M.Args[1], M.Args[2], M.Args[3],
                                 M.Args[4], S);
    E.send(uint64_t(WireAnswer));
    E.send(A);
    sendWorld(S, Env);
  }
}

/// Loads code there; Out.Enter is where that code enters.
Placed load(ArrayRef<uint8_t> Bytes, bool IsShared) {
  Emulator &E = Emulator::get();
  E.send(uint64_t(WireLoad));
  E.send(WireLoadMessage{Bytes.size(), IsShared});
  E.send(Bytes.data(), Bytes.size());
  auto L = E.receive<WireLoaded>();
  Placed Out;
  Out.Enter = L.Enter;
  if (L.Handle)
    Out.Holder.reset(static_cast<void *>(&E), [Handle = L.Handle](void *) {
      Emulator::get().send(uint64_t(WireUnload));
      Emulator::get().send(Handle);
    });
  Out.Size = Bytes.size();
  for (uint64_t N = 0; N != L.Functions; ++N) {
    auto F = E.receive<WireFunction>();
    Out.Funcs.push_back(F.Call);
    Out.Bodies.push_back(F.Body);
  }
  for (uint64_t N = 0; N != L.Sites; ++N) {
    auto S = E.receive<bpfcc_native_site>();
    Out.Sites.push_back({S.callee, S.inst, S.written, S.saved});
  }
  return Out;
}

#ifdef BPFCC_TEST_LLVM

Expected<Placed> compile(const Program &P, Environment &) {
  auto Code =
      aot::emitNative(P, *aot::targetByName(setting("BPFCC_TEST_TARGET")), {});
  if (!Code)
    return Code.takeError();
  Placed Out = load(arrayRefFromStringRef(Code->Bytes), /*IsShared=*/true);
  return Out;
}

#else

Expected<Placed> compile(const Program &P, Environment &Env) {
  Predecoded Code(P, Env);
  predecode(Code);
  std::vector<Flow> Flows = analyse(Code);
  Unit U{Code, Flows};
  U.BigEndian = P.BigEndian;
  std::vector<uint8_t> Text(roomFor(U));
  Layout L = emitArm64(U, Text);
  Text.resize(L.Size);
  Placed Out = load(Text, /*IsShared=*/false);
  uint64_t Base = Out.Enter;
  Out.Enter += L.Enter;
  for (size_t N = 0; N != Flows.size(); ++N) {
    Out.Funcs.push_back(Flows[N].Proven ? Base + L.Funcs[N] : 0);
    Out.Bodies.push_back(Flows[N].Proven ? Base + L.Bodies[N] : 0);
  }
  Out.Sites = std::move(L.Sites);
  return Out;
}

#endif

} // namespace

uint64_t remoteWindow() {
  return StringRef(setting("BPFCC_TEST_TARGET")).starts_with("arm-")
             ? 1ull << 29
             : 1ull << 36;
}

Expected<std::unique_ptr<Jit>> compileRemotely(const Program &P,
                                               Environment &Env) {
  auto Code = compile(P, Env);
  if (!Code)
    return Code.takeError();
  const void *S = Env.Mem.workspace(Env.Worker);
  worlds()[S] = &Env;
  entries()[S] = Code->Enter;
  Code->Enter = reinterpret_cast<uint64_t>(&enter);
  return Jit::adopt(P, Env, std::move(*Code));
}

} // namespace bpfcc::test
