#include "Emulated.h"
#include "Inputs/Wire.h"

#include "llvm/Support/ErrorHandling.h"

#include <cstddef>
#include <cstring>
#include <unistd.h>

using namespace llvm;

namespace bpfcc::test {

using namespace jit;

#define SAME(Theirs, Ours)                                                     \
  static_assert(offsetof(WireState, Theirs) == offsetof(State, Ours))
SAME(Left, Run.Left);
SAME(Top, Run.Top);
SAME(R, R);
SAME(SavedStack, SavedStack);
SAME(GuestEnd, GuestEnd);
SAME(Inst, Inst);
SAME(Status, Status);
SAME(Helper, Helper);
SAME(LoadPacket, LoadPacket);
static_assert(sizeof(WireState) == sizeof(State));
static_assert(WireFrameSize == sizeof(Frame));
static_assert(WireWorkspace == Memory::WorkspaceSize);
static_assert(WireMargin == Memory::Margin);

namespace {

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

private:
  Emulator() {
    if (pipe(To) || pipe(From))
      report_fatal_error("no pipes");
    if (fork() == 0) {
      dup2(To[0], 0);
      dup2(From[1], 1);
      close(To[1]);
      close(From[0]);
      execl(BPFCC_QEMU, BPFCC_QEMU, BPFCC_ARM64_HOST, nullptr);
      _exit(127);
    }
    close(To[0]);
    close(From[1]);
  }
  int To[2], From[2];
};

} // namespace

struct Answer : WireAnswer {};

Emulated::Emulated(const Program &P, Environment &Env)
    : Code(P, Env), M(Code), Env(Env) {
  predecode(Code);
  Flows = analyse(Code);
  Unit U{Code, Flows};
  U.BigEndian = P.BigEndian;
  Text.resize(roomFor(U));
  Places = emitArm64(U, Text);
  Text.resize(Places.Size);
}

Expected<RunResult> Emulated::run(uint32_t Entry, uint64_t Ctx,
                                  const RunLimits &Limits) {
  M.begin(Limits);
  Env.CallBack = [this](uint64_t Func, ArrayRef<uint64_t> Args) {
    auto Index = callbackAt(Code, Func);
    return Index ? M.exec(*Index, Args) : Index.takeError();
  };
  const Flow &F = Flows[Entry];
  bool Translated = F.isEntered(1 << isa::R1);
  auto R0 = Translated ? exec(Entry, Ctx) : M.exec(Entry, Ctx);
  Env.CallBack = nullptr;
  if (!R0)
    return R0.takeError();
  return RunResult{*R0, M.executed()};
}

Expected<uint64_t> Emulated::exec(uint32_t Entry, uint64_t Ctx) {
  Frame *Until = M.state().Top;
  if (Error E = M.push(Entry))
    return std::move(E);
  Answer A;
  exchange(Entry, Ctx, A);
  M.state().Left = A.State.Left;
  if (A.State.Status == Returned) {
    M.state().Top = Until;
    return A.R0;
  }
  Registers At;
  std::copy(std::begin(A.State.R), std::end(A.State.R), At.R);
  At.Inst = A.State.Inst;
  uint32_t In = M.state().Top->Func;
  At.Init = Flows[In].mustAt(Code.Funcs[In], At.Inst, Flows);
  return M.resume(At, Until);
}

void Emulated::exchange(uint32_t Entry, uint64_t Ctx, Answer &A) {
  Emulator &E = Emulator::get();
  WireRequest Q = {};
  auto Regions = Env.Mem.regions();
  Q.CodeSize = Text.size();
  Q.Enter = Places.Enter;
  Q.Func = Places.Funcs[Entry];
  Q.Regions = Regions.size();
  Q.Time = Env.BootNanoseconds;
  if (const Packet *P = Env.Pkt) {
    Q.PacketBuffer = P->Guest;
    Q.PacketStart = P->Start;
    Q.PacketEnd = P->End;
    Q.NetworkOffset = Env.NetworkOffset;
    Q.LinkOffset = Env.LinkOffset;
  }
  Q.State.Left = M.state().Left;
  Q.State.Last = uint64_t(M.state().Last - M.outermost());
  Q.State.R[isa::R1] = Ctx;
  Q.State.R[isa::R10] = M.state().Top->StackTop;
  Q.Top = uint64_t(M.state().Top - M.outermost());
  memcpy(Q.Frames, M.outermost(), (Q.State.Last + 1) * sizeof(Frame));
  E.send(&Q, sizeof Q);
  E.send(Text.data(), Text.size());
  for (auto [Guest, Size] : Regions) {
    WireRegion R{Guest, Size};
    E.send(&R, sizeof R);
    E.send(Env.Mem.host(Guest), Size);
    E.send(Env.Mem.rights() + Guest, Size);
  }
  E.receive(static_cast<WireAnswer *>(&A), sizeof(WireAnswer));
  for (auto [Guest, Size] : Regions)
    E.receive(Env.Mem.host(Guest), Size);
  memcpy(M.outermost(), A.Frames, (Q.State.Last + 1) * sizeof(Frame));
  M.state().Top = M.outermost() + A.Top;
  Env.BootNanoseconds = A.Time;
}

} // namespace bpfcc::test
