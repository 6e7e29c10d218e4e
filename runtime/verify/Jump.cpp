// Conditional jumps. If what is known decides one, the path goes on one way,
// and the numbers compared matter from their making on. Otherwise each way
// learns something: bounds of numbers, and of all numbers that are linked with
// them; how many bytes lie behind a packet pointer; that a pointer is or is not
// null, for all copies of it.

#include "runtime/verify/Verifier.h"

using namespace llvm;

namespace bpfcc::verify {

using analysis::Scalar;
using isa::Op;

/// All numbers that are one with \p Known, or a constant away from it, get its
/// bounds.
void Verifier::syncLinked(State &S, const Reg &Known) {
  if (!Known.Id)
    return;
  forEachReg(S, [&](Reg &R) {
    if (!R.isScalar() || R.Id != Known.Id || R.Node == Known.Node)
      return;
    if (R.HasDelta == Known.HasDelta && R.Off == Known.Off) {
      R.Value = Known.Value;
    } else {
      int64_t By = int64_t(R.HasDelta ? R.Off : 0) -
                   int64_t(Known.HasDelta ? Known.Off : 0);
      R.Value = analysis::applyAlu(Op::ADD_RR, Known.Value,
                                   Scalar::constant(uint64_t(By)), P.BigEndian);
    }
    R.Node = Graph.renew(R.Node, Known.Node);
  });
}

/// Of packet pointers with \p Ptr's variable part: its bytes up to \p Ptr are
/// inside the packet; \p Open: one byte more.
void Verifier::learnPacketEnd(State &S, const Reg &Ptr, bool Open) {
  if (Ptr.Off < 0 || (Ptr.Off == 0 && !Open) || Ptr.Value.Whole.UMax > 65535 ||
      Ptr.Value.Whole.UMax + uint64_t(Ptr.Off) > 65535)
    return;
  uint32_t Range = uint32_t(Ptr.Off) + (Open ? 1 : 0);
  Kind K = Ptr.K;
  uint32_t Id = Ptr.Id;
  forEachReg(S, [&](Reg &R) {
    if (R.K == K && R.Id == Id)
      R.Size = std::max(R.Size, Range);
  });
}

void Verifier::learnNull(State &S, const Reg &R, bool IsNull) {
  uint32_t Id = R.Id, Ref = R.Ref;
  if (IsNull && Ref && Ref == Id)
    llvm::erase_if(S.Refs, [&](const Reference &X) { return X.Id == Ref; });
  forEachReg(S, [&](Reg &X) {
    if (!X.mayBeNull() || X.Id != Id)
      return;
    if (IsNull) {
      Reg Zero = constantScalar(0);
      Zero.Node = Graph.renew(X.Node);
      X = Zero;
      return;
    }
    X.Flags &= uint16_t(~MayBeNull);
    // A lookup's id tells its spin lock apart from others'.
    bool HasLock =
        X.is(Kind::Object) || (X.is(Kind::MapValue) &&
                               P.Maps[X.Index].special(SpecialField::SpinLock));
    if (!HasLock)
      X.Id = 0;
  });
}

/// A pointer that can only be null if it says so.
static bool notNull(const Reg &R) {
  if (!R.isPointer() || R.mayBeNull() || (R.Flags & Untrusted))
    return false;
  switch (R.K) {
  case Kind::MapPtr:
  case Kind::MapValue:
  case Kind::MapKey:
  case Kind::Socket:
  case Kind::SockCommon:
  case Kind::TcpSock:
  case Kind::Mem:
  case Kind::Object:
    return true;
  case Kind::BtfObj:
    return isTrusted(R);
  case Kind::Stack:
  case Kind::Ctx:
  case Kind::Packet:
    return false;
  default:
    return false;
  }
}

/// Takes back what kernels do not learn that ask only for constants: of two
/// numbers that neither is one, nothing but that they are equal; whether a
/// constant on the left decides; and bounds from `!=`.
static void forgetNewBounds(isa::Op Opcode, const Reg &Dst, const Reg &Src,
                            std::optional<std::pair<Scalar, Scalar>> (&Ways)[2],
                            bool (&Possible)[2]) {
  isa::Meaning M = isa::meaning(Opcode);
  if (!Src.isConstant()) {
    Possible[0] = Possible[1] = true;
    if (!Dst.isConstant())
      for (int Way : {0, 1})
        if (!M.Is64 || M.What != (Way ? Sem::JEQ : Sem::JNE))
          Ways[Way] = std::nullopt;
  }
  if (M.What == Sem::JEQ)
    Ways[0] = std::nullopt;
  else if (M.What == Sem::JNE)
    Ways[1] = std::nullopt;
}

bool Verifier::conditional(const isa::Inst &I) {
  isa::Meaning M = isa::meaning(I.Opcode);
  bool HasSrc = isa::form(I.Opcode) == isa::Form::JmpRR;
  if (!read(I.Dst) || (HasSrc && !read(I.Src)))
    return false;
  uint32_t Here = Pc, Target = U.Target[Pc];
  const Reg Dst = reg(I.Dst);
  Reg Src = HasSrc ? reg(I.Src)
                   : constantScalar(M.Is64 ? uint64_t(I.Imm)
                                           : uint64_t(uint32_t(I.Imm)));
  // What is known of each way; nothing if it cannot be gone.
  std::optional<std::pair<Scalar, Scalar>> Ways[2];
  bool Scalars = Dst.isScalar() && Src.isScalar();
  bool NullTest = M.Is64 && (M.What == Sem::JEQ || M.What == Sem::JNE) &&
                  !HasSrc && I.Imm == 0 && Dst.isPointer();
  bool Possible[2] = {true, true};
  if (Scalars) {
    for (int Way : {0, 1}) {
      Ways[Way] = analysis::refine(I.Opcode, Way, Dst.Value, Src.Value);
      Possible[Way] = bool(Ways[Way]);
    }
    if (!Possible[0] && !Possible[1])
      Possible[0] = Possible[1] = true;
  } else if (Dst.isPointer() && Src.isConstant() && Src.isZero() && M.Is64 &&
             notNull(Dst)) {
    Possible[1] = M.What == Sem::JNE || M.What == Sem::JGT;
    Possible[0] = !Possible[1];
    if (M.What != Sem::JEQ && M.What != Sem::JNE)
      Possible[0] = Possible[1] = true;
  }
  if (Scalars && !has(target::Feature::ComparedNumbers))
    forgetNewBounds(I.Opcode, Dst, Src, Ways, Possible);
  // A number compared with itself: verifiers learn nothing from it.
  if (HasSrc && I.Dst == I.Src && Scalars && !Dst.isConstant()) {
    Ways[0] = Ways[1] = std::nullopt;
    Possible[0] = Possible[1] = true;
  }
  if (Possible[0] != Possible[1]) {
    if (Dst.isScalar())
      precise(Dst);
    if (HasSrc && Src.isScalar())
      precise(Src);
    Pc = Possible[1] ? Target : Pc + 1;
    return true;
  }

  State Other = Cur;
  turn(Here, false, Cur);
  turn(Here, true, Other);
  State *States[2] = {&Cur, &Other};
  if (Scalars && (Ways[0] || Ways[1])) {
    for (int Way : {0, 1}) {
      if (!Ways[Way])
        continue;
      State &S = *States[Way];
      Frame &F = S.writable(S.Frames.size() - 1);
      bool Both = HasSrc && I.Dst != I.Src;
      F.R[I.Dst].Value = Ways[Way]->first;
      if (Both) {
        F.R[I.Src].Value = Ways[Way]->second;
        // Each bound rests on the other number.
        Nodes::Id A = F.R[I.Dst].Node, B = F.R[I.Src].Node;
        F.R[I.Dst].Node = Graph.renew(A, B);
        F.R[I.Src].Node = Graph.renew(B, A);
      }
      Reg KnownDst = F.R[I.Dst], KnownSrc = F.R[I.Src];
      syncLinked(S, KnownDst);
      if (Both)
        syncLinked(S, KnownSrc);
    }
  } else if (NullTest && Dst.mayBeNull()) {
    bool NullWay = M.What == Sem::JEQ;
    learnNull(*States[NullWay], Dst, true);
    learnNull(*States[!NullWay], Dst, false);
  } else if (HasSrc && M.Is64 && (M.What == Sem::JEQ || M.What == Sem::JNE) &&
             Dst.isPointer() && Src.isPointer() && !before(6, 2) &&
             Dst.mayBeNull() != Src.mayBeNull() && !Dst.is(Kind::BtfObj) &&
             !Src.is(Kind::BtfObj)) {
    const Reg &Null = Dst.mayBeNull() ? Dst : Src;
    learnNull(*States[M.What == Sem::JEQ], Null, false);
  } else if (HasSrc && M.Is64) {
    comparePackets(M.What, Dst, Src, *States[0], *States[1]);
  }
  ++Pc;
  return push(std::move(Other), Target);
}

static Sem mirrored(Sem What) {
  switch (What) {
  case Sem::JGT:
    return Sem::JLT;
  case Sem::JLT:
    return Sem::JGT;
  case Sem::JGE:
    return Sem::JLE;
  case Sem::JLE:
    return Sem::JGE;
  default:
    return What;
  }
}

/// Whether \p End ends the memory that \p Ptr leads into: the packet's end for
/// packets, the packet's start for its metadata.
static bool endsMemoryOf(const Reg &Ptr, const Reg &End) {
  return (Ptr.is(Kind::Packet) && End.is(Kind::PacketEnd)) ||
         (Ptr.is(Kind::PacketMeta) && End.is(Kind::Packet) && End.Off == 0 &&
          End.Id == 0);
}

void Verifier::comparePackets(Sem What, const Reg &Dst, const Reg &Src,
                              State &NotTaken, State &Taken) {
  bool Swap = !endsMemoryOf(Dst, Src);
  const Reg &Ptr = Swap ? Src : Dst, &End = Swap ? Dst : Src;
  if (!endsMemoryOf(Ptr, End))
    return;
  switch (Swap ? mirrored(What) : What) {
  case Sem::JGT: // not taken: Ptr <= End
    return learnPacketEnd(NotTaken, Ptr, false);
  case Sem::JLE:
    return learnPacketEnd(Taken, Ptr, false);
  case Sem::JGE: // not taken: Ptr < End
    return learnPacketEnd(NotTaken, Ptr, true);
  case Sem::JLT:
    return learnPacketEnd(Taken, Ptr, true);
  default:
    return;
  }
}

bool Verifier::mayGoto(const isa::Inst &) {
  State Other = Cur;
  turn(Pc, true, Other);
  uint32_t Target = U.Target[Pc];
  ++Cur.MayGotoDepth;
  if (const State *Before = previousAt(Pc))
    widen(*Before, Cur);
  ++Pc;
  return push(std::move(Other), Target);
}

} // namespace bpfcc::verify
