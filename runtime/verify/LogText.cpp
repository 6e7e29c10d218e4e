#include "runtime/verify/LogText.h"

#include "backend/btf/KernelTypes.h"
#include "backend/isa/Encoding.h"
#include "backend/isa/Sem.h"
#include "backend/target/Helpers.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace bpfcc::verify {

using analysis::Scalar;
using isa::Form;
using isa::Op;
using isa::Sem;

static std::string hex(uint64_t V) { return "0x" + utohexstr(V, true); }

/// Logs have numbers of 16 bits in decimal.
static std::string number(uint64_t V) {
  return V <= 0xffff ? utostr(V) : hex(V);
}
static std::string signedNumber(int64_t V) {
  return V >= INT16_MIN && V <= INT16_MAX ? itostr(V) : hex(uint64_t(V));
}

namespace {

/// `id=1,off=4`
class List {
public:
  void add(const Twine &Item) {
    if (!Text.empty())
      Text += ',';
    Text += Item.str();
  }
  std::string Text;
};

/// One of the eight bounds of a number.
struct Bound {
  const char *Name;
  bool Signed;
  uint64_t Value; ///< sign-extended if Signed
  bool Said;      ///< nothing is said by it
};

} // namespace

/// The bounds that say something, those alike together:
/// `smin=smin32=0,smax=umax=smax32=umax32=255`.
static void addBounds(List &L, const Scalar &V) {
  const auto &W = V.Whole;
  const auto &H = V.Low;
  auto Wide = [](int64_t N) { return uint64_t(N); };
  Bound All[] = {{"smin", true, Wide(W.SMin), W.SMin == INT64_MIN},
                 {"smax", true, Wide(W.SMax), W.SMax == INT64_MAX},
                 {"umin", false, W.UMin, W.UMin == 0},
                 {"umax", false, W.UMax, W.UMax == UINT64_MAX},
                 {"smin32", true, Wide(H.SMin), H.SMin == INT32_MIN},
                 {"smax32", true, Wide(H.SMax), H.SMax == INT32_MAX},
                 {"umin32", false, H.UMin, H.UMin == 0},
                 {"umax32", false, H.UMax, H.UMax == UINT32_MAX}};
  auto Negative = [](const Bound &B) {
    return B.Signed && int64_t(B.Value) < 0;
  };
  for (size_t N = 0; N != std::size(All); ++N) {
    Bound &B = All[N];
    if (B.Said)
      continue;
    std::string Names = B.Name;
    // Minima are at even places, maxima at odd ones.
    for (size_t M = N + 2; M < std::size(All); M += 2)
      if (!All[M].Said && All[M].Value == B.Value &&
          Negative(All[M]) == Negative(B)) {
        All[M].Said = true;
        Names += std::string("=") + All[M].Name;
      }
    L.add(Names + "=" +
          (B.Signed ? signedNumber(int64_t(B.Value)) : number(B.Value)));
  }
  if (V.Bits.Mask != ~uint64_t(0))
    L.add("var_off=(" + hex(V.Bits.Value) + "; " + hex(V.Bits.Mask) + ")");
}

LogText::LogText(const Program &P, const BtfFile &Own, const Unit &U,
                 const Options &O)
    : P(P), Own(Own), U(U), O(O) {
  uint32_t At = 0;
  for (const isa::Inst &I : U.Insts) {
    Slots.push_back(At);
    At += isa::slots(I.Opcode);
  }
}

std::string LogText::typeText(const Reg &R) const {
  std::string Null = R.mayBeNull() ? "_or_null" : "";
  auto Plain = [&](const char *Name) { return Name + Null; };
  auto Pointer = [&](const BtfFile *Types) {
    std::string Prefix;
    for (auto [Flag, Word] : {std::pair<uint16_t, const char *>{User, "user_"},
                              {PerCpu, "percpu_"},
                              {Untrusted, "untrusted_"},
                              {Trusted, "trusted_"},
                              {Rcu, "rcu_"}})
      if (R.Flags & Flag)
        Prefix += Word;
    StringRef Name = Types ? Types->type(R.Index).Name : StringRef();
    return (Prefix + "ptr" + Null + "_" + Name).str();
  };
  switch (R.K) {
  case Kind::NotInit:
    return "?";
  case Kind::Scalar:
    return "scalar";
  case Kind::Ctx:
    return "ctx";
  case Kind::MapPtr:
    return Plain("map_ptr");
  case Kind::MapValue:
    return Plain("map_value");
  case Kind::MapKey:
    return Plain("map_key");
  case Kind::Stack:
    return "fp";
  case Kind::Packet:
    return "pkt";
  case Kind::PacketMeta:
    return "pkt_meta";
  case Kind::PacketEnd:
    return "pkt_end";
  case Kind::FlowKeys:
    return "flow_keys";
  case Kind::Mem:
    return (R.Flags & ReadOnly ? "rdonly_" : "") +
           Plain(R.Flags & RingbufRecord ? "ringbuf_mem" : "mem");
  case Kind::Object:
    return Pointer(&Own);
  case Kind::BtfObj:
    return Pointer(O.Types ? &O.Types->btf() : nullptr);
  case Kind::Foreign:
    return Pointer(nullptr);
  case Kind::Socket:
    return Plain("sock");
  case Kind::SockCommon:
    return Plain("sock_common");
  case Kind::TcpSock:
    return Plain("tcp_sock");
  case Kind::Func:
    return "func";
  case Kind::Dynptr:
    return "dynptr_ptr";
  case Kind::Arena:
    return "arena";
  }
  return "?";
}

std::string LogText::value(const Reg &R, uint32_t FrameNo) const {
  if (R.isConstant())
    return signedNumber(int64_t(R.Value.Bits.Value));
  std::string Text = typeText(R);
  if (R.is(Kind::Stack)) {
    if (R.Index != FrameNo)
      Text += "[" + utostr(R.Index) + "]";
    if (R.Value.isConstant())
      return Text + signedNumber(R.minOff());
  }
  List L;
  if (R.Id)
    L.add("id=" + Twine(R.Id) +
          (R.isScalar() && R.HasDelta
               ? Twine(R.Off < 0 ? "" : "+") + Twine(R.Off)
               : Twine()));
  if (R.Ref)
    L.add("ref_obj_id=" + Twine(R.Ref));
  if (R.Flags & NonOwn)
    L.add("non_own_ref");
  if (R.is(Kind::MapPtr) || R.is(Kind::MapValue) || R.is(Kind::MapKey)) {
    const MapDef &M = P.Maps[R.Index];
    L.add("map=" + StringRef(M.Name).take_front(15) +
          ",ks=" + Twine(M.KeySize) + ",vs=" + Twine(M.ValueSize));
  }
  if (!R.isScalar() && R.Off)
    L.add("off=" + signedNumber(R.Off));
  if (R.isPacket())
    L.add("r=" + Twine(R.Size));
  if (R.is(Kind::Mem))
    L.add("sz=" + Twine(R.Size));
  if (!R.Value.isConstant())
    addBounds(L, R.Value);
  else if (R.Value.Bits.Value)
    L.add("imm=" + signedNumber(int64_t(R.Value.Bits.Value)));
  return Text + "(" + L.Text + ")";
}

std::string LogText::slot(const StackSlot &S, uint32_t FrameNo) const {
  auto Letter = [](Byte B) {
    switch (B) {
    case Byte::Invalid:
      return '?';
    case Byte::Spill:
      return 'r';
    case Byte::Misc:
      return 'm';
    case Byte::Zero:
      return '0';
    case Byte::Dynptr:
      return 'd';
    case Byte::Iter:
      return 'i';
    }
    return '?';
  };
  if (all_of(S.Bytes, [](Byte B) { return B == Byte::Invalid; }))
    return "";
  if (S.Bytes[0] == Byte::Dynptr) {
    if (!S.Spill.Size) // its other half
      return "";
    static constexpr const char *Of[] = {"", "local", "ringbuf", "skb", "xdp"};
    List L;
    L.add("id=" + Twine(S.Spill.Id));
    if (S.Spill.Ref)
      L.add("ref_id=" + Twine(S.Spill.Ref));
    return std::string("dynptr_") +
           (S.Spill.Index < std::size(Of) ? Of[S.Spill.Index] : "") + "(" +
           L.Text + ")";
  }
  if (S.Bytes[0] == Byte::Iter) {
    if (S.Spill.Id) // not its first slot
      return "";
    std::string Name =
        S.Spill.Off && O.Types
            ? O.Types->btf().type(uint32_t(S.Spill.Off)).Name.str()
            : std::string("bpf_iter_num");
    StringRef Short = Name;
    Short.consume_front("bpf_");
    return formatv("{0}(ref_id={1},state={2},depth={3})", Short, S.Spill.Ref,
                   S.Spill.Index == 1 ? "active" : "drained", S.Spill.Size)
        .str();
  }
  std::string Text;
  for (size_t N = S.Bytes.size(); N-- != 0;) {
    if (S.Bytes[N] == Byte::Spill && S.isSpill())
      return Text + value(S.Spill, FrameNo);
    Text += Letter(S.Bytes[N]);
  }
  return Text;
}

std::string LogText::rest(const State &S, uint32_t FrameNo) const {
  std::string Text;
  for (const Reference &R : S.Refs)
    Text += (Text.empty() ? " refs=" : ",") + utostr(R.Id);
  switch (S.frame(FrameNo).Callback) {
  case CallbackKind::None:
    break;
  case CallbackKind::Async:
    Text += " async_cb";
    break;
  default:
    Text += " cb";
  }
  return Text;
}

std::string LogText::callText(uint32_t N) const {
  const isa::Inst &I = U.Insts[N];
  if (I.Opcode == Op::CALL_KFUNC)
    return size_t(I.Imm) < P.Externs.size() ? P.Externs[size_t(I.Imm)] + "#0"
                                            : "unknown#0";
  if (I.Opcode == Op::CALL_HELPER) {
    const target::HelperInfo *H = target::helperById(unsigned(I.Imm));
    return (H ? H->Name : "unknown") + ("#" + itostr(I.Imm));
  }
  int64_t Distance =
      int64_t(Slots[U.Subs[U.Target[N]].Start]) - int64_t(Slots[N]) - 1;
  return formatv("pc{0}{1}", Distance < 0 ? "" : "+", Distance).str();
}

/// The text of an atomic operation in the log, which isa.def has as Clang's
/// assembler.
static std::string atomicText(const isa::Inst &I) {
  const isa::Meaning &M = isa::meaning(I.Opcode);
  bool Wide = M.Bits == 64;
  std::string Where = formatv("(u{0} *)(r{1} {2}{3})", M.Bits, unsigned(I.Dst),
                              I.Off < 0 ? "" : "+", I.Off)
                          .str();
  std::string Source = "r" + utostr(I.Src);
  auto Locked = [&](const char *Sign) {
    return "lock *" + Where + " " + Sign + " " + Source;
  };
  auto Fetching = [&](const char *Verb) {
    return Source + " = atomic" + (Wide ? "64_" : "_") + Verb + "(" + Where +
           ", " + Source + ")";
  };
  switch (M.What) {
  case Sem::ATOMIC_ADD:
    return Locked("+=");
  case Sem::ATOMIC_OR:
    return Locked("|=");
  case Sem::ATOMIC_AND:
    return Locked("&=");
  case Sem::ATOMIC_XOR:
    return Locked("^=");
  case Sem::FETCH_ADD:
    return Fetching("fetch_add");
  case Sem::FETCH_OR:
    return Fetching("fetch_or");
  case Sem::FETCH_AND:
    return Fetching("fetch_and");
  case Sem::FETCH_XOR:
    return Fetching("fetch_xor");
  case Sem::XCHG:
    return Fetching("xchg");
  default:
    return std::string("r0 = atomic") + (Wide ? "64_" : "_") + "cmpxchg(" +
           Where + ", r0, " + Source + ")";
  }
}

std::string LogText::instruction(uint32_t N) const {
  const isa::Inst &I = U.Insts[N];
  const isa::OpInfo &Row = isa::info(I.Opcode);
  std::string Result =
      formatv("({0})", utohexstr(Row.Opcode, true, 2)).str() + " ";
  if (Row.F == Form::Atomic)
    return Result + atomicText(I);
  if (Row.F == Form::Call)
    return Result + "call " + callText(N);
  // Addresses of the kernel are not told.
  if (Row.F == Form::Imm64)
    return Result + "r" + utostr(I.Dst) + " = " +
           hex(I.Opcode == Op::LD_IMM64 ? uint64_t(I.Imm) : 0);
  // Accesses of memory name all of a register.
  bool Whole =
      Row.F == Form::Load || Row.F == Form::StoreR || Row.F == Form::StoreI;
  bool Compares = Row.F == Form::JmpRR || Row.F == Form::JmpRI;
  StringRef Text = Row.Text;
  while (true) {
    auto [Plain, More] = Text.split('{');
    Result += Plain;
    if (More.empty())
      return Result;
    auto [Operand, After] = More.split('}');
    Text = After;
    int64_t Distance = Row.F == Form::JmpL ? I.Imm : I.Off;
    if (Operand == "d" || Operand == "wd")
      Result += (Operand == "d" || Whole ? "r" : "w") + utostr(I.Dst);
    else if (Operand == "s" || Operand == "ws")
      Result += (Operand == "s" || Whole ? "r" : "w") + utostr(I.Src);
    else if (Operand == "i" && Row.F == Form::CastRR)
      Result += utostr(uint32_t(I.Imm) >> 16) + ", " + utostr(I.Imm & 0xffff);
    else if (Operand == "i")
      Result += Compares ? hex(uint32_t(I.Imm)) : itostr(I.Imm);
    else if (Operand == "o" && Row.F == Form::Ind)
      Result += "+ " + itostr(I.Imm);
    else if (Operand == "o")
      Result += (I.Off < 0 ? "" : "+") + itostr(I.Off);
    else
      Result += formatv("pc{0}{1}", Distance < 0 ? "" : "+", Distance).str();
  }
}

} // namespace bpfcc::verify
