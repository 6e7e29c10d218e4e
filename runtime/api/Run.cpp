#include "runtime/api/Handles.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace bpfcc;
using namespace bpfcc::api;

namespace {
constexpr size_t MaxPacket = 65535, MaxContext = 1 << 20;
} // namespace

bpfcc_program *bpfcc_find_program(bpfcc_instance *I, const char *Name,
                                  bpfcc_error **Err) {
  if (!Name && I->Programs.size() == 1)
    return &I->Programs[0];
  for (bpfcc_program &P : I->Programs)
    if (Name && I->Prog->Subprogs[P.Number].Name == Name)
      return &P;
  std::string Names = programNames(*I->Prog);
  std::string What = Names.empty() ? "the object holds no program"
                     : Name ? "there is no program `" + std::string(Name) +
                                  "`; there are " + Names
                            : "there are several programs: " + Names;
  fail(Err, -ENOENT, Twine(What));
  return nullptr;
}

const char *bpfcc_program_name(const bpfcc_program *P) {
  return P->Of->Prog->Subprogs[P->Number].Name.c_str();
}
const char *bpfcc_program_section(const bpfcc_program *P) {
  return P->Of->Prog->Subprogs[P->Number].Section.c_str();
}
int bpfcc_program_takes_packets(const bpfcc_program *P) {
  return takesPackets(P->Hook.Kind);
}
size_t bpfcc_program_context_size(const bpfcc_program *P) {
  return P->Hook.CtxSize;
}

/// Puts the packet or the context where the program finds it.
static void place(const bpfcc_program &P, ArrayRef<uint8_t> Bytes) {
  bpfcc_instance &I = *P.Of;
  if (takesPackets(P.Hook.Kind)) {
    if (I.CtxOf == &P)
      return I.Ctx->renew(Bytes);
    PacketOptions Options;
    Options.Ifindex = I.Ifindex;
    Options.Type =
        target::progTypeForSection(I.Prog->Subprogs[P.Number].Section);
    I.Ctx.reset(); // it forgets its packet, so it goes before the next comes
    I.Ctx = std::make_unique<Context>(I.env(), P.Hook.Kind, Bytes, Options);
    I.CtxOf = &P;
    return;
  }
  std::vector<uint8_t> Zeroes;
  if (Bytes.empty()) {
    Zeroes.resize(P.Hook.CtxSize);
    Bytes = Zeroes;
  }
  I.Ctx.reset();
  I.CtxOf = nullptr;
  I.Ctx = std::make_unique<Context>(I.env(), P.Hook.CtxWritable, Bytes);
}

void api::deliverRecords(bpfcc_instance &I) {
  if (!I.Record)
    return;
  // The host may run a program from there.
  std::vector<Environment::Event> Events = std::move(I.env().Events);
  I.env().Events.clear();
  for (const Environment::Event &E : Events)
    I.Record(&I.Maps[E.Map], E.Bytes.data(), E.Bytes.size(), I.RecordUser);
}

static bpfcc_result resultOf(const bpfcc_program &P, const RunResult &R) {
  bpfcc_instance &I = *P.Of;
  bpfcc_result Out{};
  Out.r0 = R.R0;
  Out.instructions = R.Insts;
  Out.redirect = BPFCC_NOT_REDIRECTED;
  if (!takesPackets(P.Hook.Kind)) {
    Out.data = I.Ctx->bytes().data();
    Out.data_size = I.Ctx->bytes().size();
    return Out;
  }
  Out.data = I.Ctx->packet().data();
  Out.data_size = I.Ctx->packet().size();
  Out.metadata = I.Ctx->metadata().data();
  Out.metadata_size = I.Ctx->metadata().size();
  const Packet &Pkt = *I.env().Pkt;
  Out.redirect = Pkt.Redirect;
  if (Pkt.RedirectMap != ~0u)
    Out.redirect_map = &I.Maps[Pkt.RedirectMap];
  return Out;
}

int bpfcc_program_run(bpfcc_program *P, const void *Data, size_t Size,
                      bpfcc_result *Result, bpfcc_error **Err) {
  bpfcc_instance &I = *P->Of;
  if (I.Running)
    return fail(Err, -EBUSY, "the instance is running a program already");
  if (Result && Result->size < sizeof(size_t))
    return fail(Err, -EINVAL, "bpfcc_result: `size` is not set");
  if (Size && !Data)
    return fail(Err, -EINVAL, "there are no bytes at NULL");
  bool IsPacket = takesPackets(P->Hook.Kind);
  if (Size > (IsPacket ? MaxPacket : MaxContext))
    return fail(Err, -EINVAL,
                Twine(IsPacket ? "a packet" : "a context") + " of " +
                    Twine(Size) + " bytes is too large");
  place(*P, {static_cast<const uint8_t *>(Data), Size});
  auto R = [&] {
    I.Running = true;
    auto Stop = make_scope_exit([&] { I.Running = false; });
    return I.Exec->run(P->Number, I.Ctx->address(), I.Limits);
  }();
  if (R && Result)
    give(Result, resultOf(*P, *R));
  deliverRecords(I);
  return R ? 0 : fail(Err, -EFAULT, R.takeError());
}

size_t bpfcc_verdict_name(const bpfcc_program *P, uint64_t R0, char *Buffer,
                          size_t Size) {
  std::string Name = verdictName(P->Hook.Kind, R0);
  if (Size) {
    size_t Room = std::min(Name.size(), Size - 1);
    memcpy(Buffer, Name.data(), Room);
    Buffer[Room] = 0;
  }
  return Name.size();
}
