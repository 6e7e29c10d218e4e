// Bytes to and from instructions, by the rows of isa.def alone.
//
// A slot is opcode:8, two registers of 4 bits, offset:16, immediate:32. On a
// little-endian target dst is the low nibble of the second byte, on a
// big-endian one the high nibble; offset and immediate have the target's byte
// order (RFC 9669, section 3.1).
//
// Decoding finds the row by opcode and key field. What is left over must be
// zero: the kernel refuses such instructions, and so do we.

#include "backend/isa/Encoding.h"

#include "support/Diagnostic.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

#include <array>
#include <optional>

using namespace llvm;

namespace bpfcc::isa {

static constexpr OpInfo Rows[] = {
#define INST(Name, Opcode, KeyField, Value, Form_, Text, Cpu, Sem)             \
  {#Name, Text, Opcode, Key::KeyField, Value, Form::Form_, Cpu},
#include "backend/isa/isa.def"
};

const OpInfo &info(Op O) { return Rows[unsigned(O)]; }

bool isJump(Op O) {
  switch (form(O)) {
  case Form::JmpRR:
  case Form::JmpRI:
  case Form::Jmp:
  case Form::JmpL:
    return true;
  default:
    return false;
  }
}

namespace {

/// The raw fields of one slot.
struct Slot {
  uint8_t Opcode = 0, Dst = 0, Src = 0;
  int16_t Off = 0;
  int32_t Imm = 0;
};

enum Field : uint8_t { FDst = 1, FSrc = 2, FOff = 4, FImm = 8 };

} // namespace

/// Which fields of the slot are operands.
static uint8_t operands(Form F) {
  switch (F) {
  case Form::RR:
    return FDst | FSrc;
  case Form::RI:
  case Form::Imm64:
    return FDst | FImm;
  case Form::R:
  case Form::CallR:
    return FDst;
  case Form::Load:
  case Form::StoreR:
  case Form::Atomic:
  case Form::JmpRR:
    return FDst | FSrc | FOff;
  case Form::StoreI:
  case Form::JmpRI:
    return FDst | FOff | FImm;
  case Form::Jmp:
    return FOff;
  case Form::JmpL:
  case Form::Call:
  case Form::Abs:
    return FImm;
  case Form::Exit:
    return 0;
  case Form::Ind:
    return FSrc | FImm;
  case Form::CastRR:
    return FDst | FSrc | FImm;
  }
  return 0;
}

static void put(const Slot &S, bool BigEndian, SmallVectorImpl<uint8_t> &Out) {
  size_t At = Out.size();
  Out.resize(At + 8);
  uint8_t *P = Out.data() + At;
  auto Order = BigEndian ? endianness::big : endianness::little;
  P[0] = S.Opcode;
  P[1] = BigEndian ? S.Dst << 4 | S.Src : S.Src << 4 | S.Dst;
  support::endian::write<int16_t>(P + 2, S.Off, Order);
  support::endian::write<int32_t>(P + 4, S.Imm, Order);
}

static Slot get(const uint8_t *P, bool BigEndian) {
  auto Order = BigEndian ? endianness::big : endianness::little;
  Slot S;
  S.Opcode = P[0];
  S.Dst = BigEndian ? P[1] >> 4 : P[1] & 15;
  S.Src = BigEndian ? P[1] & 15 : P[1] >> 4;
  S.Off = support::endian::read<int16_t>(P + 2, Order);
  S.Imm = support::endian::read<int32_t>(P + 4, Order);
  return S;
}

void encode(const Inst &I, bool BigEndian, SmallVectorImpl<uint8_t> &Out) {
  const OpInfo &Row = info(I.Opcode);
  uint8_t Fields = operands(Row.F);
  Slot S;
  S.Opcode = Row.Opcode;
  if (Fields & FDst)
    S.Dst = I.Dst;
  if (Fields & FSrc)
    S.Src = I.Src;
  if (Fields & FOff)
    S.Off = I.Off;
  if (Fields & FImm)
    S.Imm = int32_t(I.Imm);
  if (Row.KeyField == Key::Src)
    S.Src = Row.KeyValue;
  if (Row.KeyField == Key::Off)
    S.Off = Row.KeyValue;
  if (Row.KeyField == Key::Imm)
    S.Imm = Row.KeyValue;
  put(S, BigEndian, Out);
  if (Row.F == Form::Imm64) {
    Slot High;
    High.Imm = int32_t(uint64_t(I.Imm) >> 32);
    put(High, BigEndian, Out);
  }
}

// -- decoding ---------------------------------------------------------------

/// For each opcode byte, its rows: [First, First + Count) of Order.
namespace {
struct Index {
  std::array<uint16_t, NumOps> Order{};
  std::array<uint16_t, 257> First{};

  constexpr Index() {
    for (unsigned R = 0; R < NumOps; ++R)
      ++First[Rows[R].Opcode + 1];
    for (unsigned B = 0; B < 256; ++B)
      First[B + 1] += First[B];
    std::array<uint16_t, 256> Fill{};
    for (unsigned R = 0; R < NumOps; ++R) {
      uint8_t B = Rows[R].Opcode;
      Order[First[B] + Fill[B]++] = R;
    }
  }
};
} // namespace

static constexpr Index ByOpcode;

static int32_t keyOf(const Slot &S, Key K) {
  switch (K) {
  case Key::None:
    return 0;
  case Key::Src:
    return S.Src;
  case Key::Off:
    return S.Off;
  case Key::Imm:
    return S.Imm;
  }
  return 0;
}

/// Gives nothing and sets Why when \p Bytes start with no instruction.
static std::optional<Inst> parse(ArrayRef<uint8_t> Bytes, bool BigEndian,
                                 std::string &Why) {
  auto bad = [&](const Twine &Reason) {
    Why = Reason.str();
    return std::nullopt;
  };
  if (Bytes.size() < 8)
    return bad("only " + Twine(Bytes.size()) + " bytes of 8");
  Slot S = get(Bytes.data(), BigEndian);
  if (ByOpcode.First[S.Opcode] == ByOpcode.First[S.Opcode + 1])
    return bad("unknown opcode 0x" + Twine::utohexstr(S.Opcode));
  const OpInfo *Row = nullptr;
  unsigned RowNumber = 0;
  for (unsigned I = ByOpcode.First[S.Opcode]; I < ByOpcode.First[S.Opcode + 1];
       ++I) {
    RowNumber = ByOpcode.Order[I];
    const OpInfo &R = Rows[RowNumber];
    if (keyOf(S, R.KeyField) == R.KeyValue) {
      Row = &R;
      break;
    }
  }
  if (!Row) {
    const char *Names[] = {"", "src", "off", "imm"};
    Key K = Rows[RowNumber].KeyField;
    return bad("opcode 0x" + Twine::utohexstr(S.Opcode) + " with " +
               Names[unsigned(K)] + " " + Twine(keyOf(S, K)));
  }
  uint8_t Fields = operands(Row->F);
  auto Free = [&](Field F, Key K) {
    return (Fields & F) || Row->KeyField == K;
  };
  StringRef Name = Row->Name;
  if (S.Dst > R10 || (Row->KeyField != Key::Src && S.Src > R10))
    return bad(Name + Twine(" with register r") +
               Twine(unsigned(std::max(S.Dst, S.Src))));
  if (!(Fields & FDst) && S.Dst)
    return bad(Name + " with dst r" + Twine(unsigned(S.Dst)) +
               ", which must be 0");
  if (!Free(FSrc, Key::Src) && S.Src)
    return bad(Name + " with src r" + Twine(unsigned(S.Src)) +
               ", which must be 0");
  if (!Free(FOff, Key::Off) && S.Off)
    return bad(Name + " with off " + Twine(S.Off) + ", which must be 0");
  if (!Free(FImm, Key::Imm) && S.Imm)
    return bad(Name + " with imm " + Twine(S.Imm) + ", which must be 0");

  Inst I;
  I.Opcode = Op(RowNumber);
  if (Fields & FDst)
    I.Dst = S.Dst;
  if (Fields & FSrc)
    I.Src = S.Src;
  if (Fields & FOff)
    I.Off = S.Off;
  if (Fields & FImm)
    I.Imm = S.Imm;
  if (Row->F != Form::Imm64)
    return I;
  if (Bytes.size() < 16)
    return bad(Name + " without its second slot");
  Slot High = get(Bytes.data() + 8, BigEndian);
  if (High.Opcode || High.Dst || High.Src || High.Off)
    return bad(Name + " whose second slot has more than an immediate");
  I.Imm = int64_t(uint64_t(uint32_t(High.Imm)) << 32 | uint32_t(S.Imm));
  return I;
}

Expected<Inst> decodeOne(ArrayRef<uint8_t> Bytes, bool BigEndian) {
  std::string Why;
  if (std::optional<Inst> I = parse(Bytes, BigEndian, Why))
    return *I;
  return diagError(DiagCode::BadInstruction, {}, Why);
}

Expected<std::vector<Inst>> decode(ArrayRef<uint8_t> Bytes, bool BigEndian) {
  std::vector<Inst> Insts;
  Insts.reserve(Bytes.size() / 8);
  for (size_t At = 0; At < Bytes.size();) {
    std::string Why;
    std::optional<Inst> I = parse(Bytes.drop_front(At), BigEndian, Why);
    if (!I)
      return diagError(DiagCode::BadInstruction, {},
                       ("slot " + Twine(At / 8) + ": " + Why).str());
    At += 8 * slots(I->Opcode);
    Insts.push_back(*I);
  }
  return Insts;
}

} // namespace bpfcc::isa
