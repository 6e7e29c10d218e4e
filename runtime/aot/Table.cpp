// The data of include/bpfcc/native.h as constants of LLVM's IR, field by field.
//
// A record is a list of fields without a gap, as the header declares it:
// numbers, and pointers that have 8 bytes each, with zeroes behind those of 32
// bits.

#include "runtime/aot/Table.h"

#include "include/bpfcc/native.h"
#include "runtime/aot/Fingerprint.h"
#include "runtime/interp/Machine.h"

#include "llvm/IR/Constants.h"

using namespace llvm;

namespace bpfcc::aot {

using namespace jit;

#define SAME(Theirs, Ours)                                                     \
  static_assert(offsetof(bpfcc_native_state, Theirs) == offsetof(State, Ours))
SAME(left, Run.Left);
SAME(top, Run.Top);
SAME(last, Run.Last);
SAME(r, R);
SAME(saved_stack, SavedStack);
SAME(rights, Rights);
SAME(guest_end, GuestEnd);
SAME(scratch, Scratch);
SAME(inst, Inst);
SAME(status, Status);
SAME(helper, Helper);
SAME(call_helper, CallHelper);
SAME(tail_call, TailCall);
SAME(load_packet, LoadPacket);
SAME(lookup_in, LookupIn);
SAME(owner, Owner);
SAME(values, Values);
SAME(arrays, Arrays);
SAME(cpu, Cpu);
static_assert(sizeof(bpfcc_native_state) == sizeof(State));
#undef SAME
#define SAME(Theirs, Ours)                                                     \
  static_assert(offsetof(bpfcc_native_frame, Theirs) == offsetof(Frame, Ours))
SAME(function, Func);
SAME(loops, Loops);
SAME(saved, Saved);
SAME(stack_top, StackTop);
static_assert(sizeof(bpfcc_native_frame) == sizeof(Frame));
#undef SAME
static_assert(BPFCC_NATIVE_MARGIN == Memory::Margin);
static_assert(BPFCC_NATIVE_WORKSPACE == Memory::workspaceDistance(0));
static_assert(BPFCC_NATIVE_STACK == StackSize &&
              BPFCC_NATIVE_LOOPS == MaxLoops);
static_assert(BPFCC_NATIVE_FRAMES == RunLimits().MaxFrames);
static_assert(BPFCC_NATIVE_TAIL_CALLS == RunLimits().MaxTailCalls);
static_assert(BPFCC_NATIVE_IS_SITE == IsCallSite);
static_assert(BPFCC_NATIVE_MAP_BASE == MapBase &&
              BPFCC_NATIVE_FUNCTION_BASE == FuncBase);
static_assert(int(BPFCC_NATIVE_RETURNED) == int(Returned) &&
              int(BPFCC_NATIVE_STOPPED) == int(Handover) &&
              int(BPFCC_NATIVE_FAILED) == int(Failed));
static_assert(sizeof(bpfcc_native_answer) == sizeof(Answer));
static_assert(sizeof(bpfcc_native_elements) == sizeof(Elements));
static_assert(int(BPFCC_NATIVE_TO_VALUE) == int(Program::DataPointer::Value) &&
              int(BPFCC_NATIVE_TO_MAP) ==
                  int(Program::DataPointer::MapItself) &&
              int(BPFCC_NATIVE_TO_FUNCTION) == int(Program::DataPointer::Func));

namespace {

class Table {
public:
  Table(Lowered &L, const Unit &U)
      : L(L), U(U), P(U.Code.P), M(*L.Module), C(M.getContext()) {}

  void add(ArrayRef<uint8_t> Object) {
    std::vector<Constant *> Functions, Maps, Pointers, Sites;
    for (uint32_t N = 0; N != P.Subprogs.size(); ++N)
      Functions.push_back(function(N));
    for (uint32_t N = 0; N != P.Maps.size(); ++N)
      Maps.push_back(map(N));
    for (const Program::DataPointer &D : P.DataPointers)
      Pointers.push_back(record({u32(D.Map), u32(D.Size), u64(D.Offset),
                                 u32(D.What), u32(D.Target), u64(D.Addend)}));
    for (const CallSite &S : L.Sites)
      Sites.push_back(
          record({u32(S.Callee), u32(S.Inst), u16(S.Must), u16(S.Saves)}));
    GlobalVariable *Embedded = bytes(Object);
    Embedded->setSection(ObjectSection);
    Function *Enter = M.getFunction(EnterName);
    auto Count = [&](auto &Rows) { return u32(uint32_t(Rows.size())); };
    std::vector<Constant *> Fields = {
        u32(BPFCC_NATIVE_ABI), u32(P.BigEndian),         Count(Functions),
        Count(Maps),           Count(Pointers),          Count(Sites),
        u64(Object.size()),    u64(fingerprint(U.Flows))};
    for (Constant *Each : {static_cast<Constant *>(Enter), rows(Functions),
                           rows(Maps), rows(Pointers), rows(Sites),
                           static_cast<Constant *>(Embedded), text(P.License)})
      slot(Fields, Each);
    Constant *All = record(Fields);
    auto *Seen = new GlobalVariable(M, All->getType(), /*isConstant=*/true,
                                    GlobalValue::ExternalLinkage, All,
                                    BPFCC_NATIVE_SYMBOL);
    Seen->setAlignment(Align(8));
    for (Function &F : M)
      if (!F.isDeclaration() && !F.hasLocalLinkage())
        F.setVisibility(GlobalValue::HiddenVisibility);
  }

private:
  Constant *u16(uint16_t V) { return ConstantInt::get(Type::getInt16Ty(C), V); }
  Constant *u32(uint32_t V) { return ConstantInt::get(Type::getInt32Ty(C), V); }
  Constant *u64(uint64_t V) { return ConstantInt::get(Type::getInt64Ty(C), V); }
  static Constant *record(ArrayRef<Constant *> Fields) {
    return ConstantStruct::getAnon(Fields);
  }
  /// Appends a pointer; null for none.
  void slot(std::vector<Constant *> &Fields, Constant *To) {
    Fields.push_back(To ? To
                        : ConstantPointerNull::get(PointerType::get(C, 0)));
    if (U.NarrowPointers)
      Fields.push_back(u32(0));
  }

  GlobalVariable *global(Constant *V) {
    auto *G = new GlobalVariable(M, V->getType(), /*isConstant=*/true,
                                 GlobalValue::PrivateLinkage, V);
    G->setAlignment(Align(8));
    return G;
  }
  GlobalVariable *bytes(ArrayRef<uint8_t> Bytes) {
    return global(ConstantDataArray::get(C, Bytes));
  }
  Constant *text(StringRef Text) {
    return global(ConstantDataArray::getString(C, Text));
  }
  Constant *rows(ArrayRef<Constant *> Rows) {
    if (Rows.empty())
      return nullptr;
    return global(ConstantArray::get(
        ArrayType::get(Rows[0]->getType(), Rows.size()), Rows));
  }

  Constant *function(uint32_t N) {
    const Subprog &S = P.Subprogs[N];
    Function *Call = M.getFunction(callName(N));
    std::vector<Constant *> Fields;
    slot(Fields, text(S.Name));
    slot(Fields, text(S.Section));
    slot(Fields, Call);
    slot(Fields, L.HasBody[N] ? M.getFunction(bodyName(N)) : Call);
    Fields.push_back(u32(S.IsProgram));
    const Flow &F = U.Flows[N];
    Fields.push_back(u32(F.Required | (F.Returns ? 0u : 1u << isa::R0)));
    return record(Fields);
  }

  Constant *map(uint32_t N) {
    const MapDef &D = P.Maps[N];
    Constant *Initial = nullptr;
    for (const Program::InitialValue &V : P.Initial)
      if (V.Map == N && any_of(V.Value, [](uint8_t B) { return B != 0; }))
        Initial = bytes(V.Value);
    std::vector<Constant *> Fields;
    slot(Fields, text(D.Name));
    for (uint32_t V :
         {D.Type, D.KeySize, D.ValueSize, D.MaxEntries, D.Flags, 0u})
      Fields.push_back(u32(V));
    slot(Fields, Initial);
    return record(Fields);
  }

  Lowered &L;
  const Unit &U;
  const Program &P;
  Module &M;
  LLVMContext &C;
};

} // namespace

void addTable(Lowered &L, const Unit &U, ArrayRef<uint8_t> Object) {
  Table(L, U).add(Object);
}

} // namespace bpfcc::aot
