#ifndef BPFCC_RUNTIME_VERIFY_VERIFIER_H
#define BPFCC_RUNTIME_VERIFY_VERIFIER_H

#include "backend/btf/SpecialFields.h"
#include "backend/isa/Encoding.h"
#include "backend/isa/Sem.h"
#include "backend/target/Helpers.h"
#include "backend/target/KernelFunctions.h"
#include "backend/target/MapTypes.h"
#include "runtime/verify/Hook.h"
#include "runtime/verify/KernelWalk.h"
#include "runtime/verify/Path.h"
#include "runtime/verify/State.h"
#include "runtime/verify/Unit.h"

#include <deque>

namespace bpfcc::verify {

using isa::Sem;

constexpr int64_t MaxOffset = 1 << 29; ///< of pointers, and of sizes
constexpr int MaxStack = 512;
constexpr unsigned MaxFrames = 8;

/// What loads and stores ask of memory.
struct Access {
  unsigned RegNo = 0;
  int Off = 0;
  unsigned Bytes = 0;
  bool Write = false;
  bool SignExtend = false;
  bool Atomic = false;
  /// What is stored; null for what helpers write and for atomics.
  const Reg *Stored = nullptr;
};

/// How two states are compared.
enum class Exactness : uint8_t {
  Needed, ///< what is read later, and bounds where they matter
  Within, ///< everything, bounds within bounds
  Exact,  ///< no difference at all
};

/// One verification. The work is spread over the files named below; all of them
/// give false when a path is wrong, with Why filled in.
class Verifier {
public:
  Verifier(const Program &P, uint32_t Entry, const Options &O);
  Result run();
  /// The same, and hands out what happens on the steps \p Way.
  Result runAlong(llvm::ArrayRef<StepRange> Way, PathSink Sink);

private:
  // Explore.cpp: the walk over all paths.
  bool findEvent();
  bool explore(uint32_t SubNumber);
  bool start(uint32_t SubNumber);
  bool exceptionArguments(Frame &F, const Unit::Sub &S);
  bool globalArguments(Frame &F, const Unit::Sub &S);
  std::string unsizedText(const Unit::Sub &S, unsigned N) const;
  bool mapFitsProgram(uint32_t Map);
  bool step();
  bool hasArena() const;
  bool arenaCast(const isa::Inst &I);
  bool push(State S, uint32_t Inst);
  bool resume();
  void turn(uint32_t Inst, bool Taken, State &S);
  std::vector<StepRange> wayHere() const;
  void takeVisits();

  // Path.cpp: what the steps of one path do.
  struct Watch;
  bool watchedStep();
  bool toldStep(Watch &W);
  bool isWritten(Nodes::Id N) const;
  std::vector<NamedText> frameTexts(uint32_t FrameNo) const;
  std::string frameText(uint32_t FrameNo) const;
  void changesOf(PathStep &Step, llvm::ArrayRef<NamedText> Before) const;

  // Variables.cpp: by what names a path is told.
  void nameArguments();
  void nameVariable(uint32_t Here);
  Nodes::Id originOf(Nodes::Id N) const;
  llvm::StringRef nodeName(Nodes::Id N) const;
  std::string inWords(const Reg &R) const;
  std::vector<NamedText> variables() const;

  // Keep.cpp: keeping states and comparing with them.
  enum class Seen { No, Yes, Failed };
  Seen compareAndKeep();
  void renewNodes();
  void finishPath();
  void propagate(const State &Old, const State &New);
  void updateLoopEntry(uint32_t Inner, uint32_t Outer);
  uint32_t outermostLoop(uint32_t K);
  const State *previousAt(uint32_t Inst) const;
  void widen(const State &Old, State &New);

  // Arithmetic.cpp
  bool arithmetic(const isa::Inst &I);
  bool scalarMath(const isa::Inst &I, const Reg &Dst, const Reg &Src);
  bool pointerMath(const isa::Inst &I, const Reg &Ptr, const Reg &Num,
                   bool NumberFirst);
  bool moveReg(const isa::Inst &I);
  void nameScalar(unsigned RegNo);
  bool saneOffset(const Reg &Num, const Reg &Ptr, bool Result);

  // Jump.cpp
  bool conditional(const isa::Inst &I);
  void learnPacketEnd(State &S, const Reg &Ptr, bool Open);
  void comparePackets(Sem What, const Reg &Dst, const Reg &Src, State &NotTaken,
                      State &Taken);
  void learnNull(State &S, const Reg &R, bool IsNull);
  void syncLinked(State &S, const Reg &Known);
  bool mayGoto(const isa::Inst &I);

  // Memory.cpp
  bool loadStore(const isa::Inst &I);
  bool alwaysThrough(const Reg &R);
  bool atomicOp(const isa::Inst &I);
  bool access(const Access &A, Reg *Loaded);
  bool inBounds(const Access &A, const Reg &R, uint64_t Size, const char *What);
  bool aligned(const Access &A, const Reg &R);
  bool mapValueAccess(const Access &A, const Reg &R, Reg *Loaded);
  bool packetAccess(const Access &A, const Reg &R);
  bool mayTouchPacket(bool Write, const target::HelperInfo *H) const;
  bool objectAccess(const Access &A, const Reg &R, Reg *Loaded);
  bool readConstant(uint32_t Map, uint64_t Off, unsigned Bytes, bool Signed,
                    Reg &Loaded) const;
  bool legacyLoad(const isa::Inst &I);
  bool returnsNumber(uint32_t SubNumber) const;
  /// Memory that a helper reads or writes.
  bool region(unsigned RegNo, uint64_t Bytes, bool Write, bool Read,
              const target::HelperInfo *H, bool ZeroAllowed);

  // Stack.cpp
  /// Whether stack that was never written may be read: since 6.3, and since 6.1
  /// where its long-term releases have it.
  bool mayReadUnset() const { return !before(6, 1); }
  bool stackAccess(const Access &A, const Reg &R, Reg *Loaded);
  bool stackWrite(const Access &A, uint32_t FrameNo, int Off);
  bool stackRead(const Access &A, uint32_t FrameNo, int Off, Reg *Loaded);
  bool stackRange(const Access &A, uint32_t FrameNo, int64_t Min, int64_t Max);
  bool stackRegion(const Reg &R, unsigned RegNo, uint64_t Bytes, bool Write,
                   bool Read);
  StackSlot &slot(uint32_t FrameNo, unsigned N);
  void growStack(uint32_t FrameNo, int64_t Lowest);
  bool dropSpecial(uint32_t FrameNo, unsigned First, unsigned Last);
  bool objectSlot(unsigned RegNo, unsigned Slots, DiagCode Code,
                  const char *What, uint32_t &FrameNo, unsigned &Slot);

  // Context.cpp
  bool contextAccess(const Access &A, const Reg &R, Reg *Loaded);
  bool packetPointerField(uint32_t Off, Reg &Loaded);
  bool socketAccess(const Access &A, const Reg &R);

  // KernelObjects.cpp
  Reg kernelObject(uint32_t Type, unsigned Flags);
  std::string typeName(const Reg &R) const;
  bool rcuProtects() const;
  bool isSafeField(uint32_t Type, llvm::StringRef Name,
                   llvm::StringRef Suffix) const;
  unsigned flagsOfField(const Reg &From, const Found &F) const;
  bool kernelAccess(const Access &A, const Reg &R, Reg *Loaded);
  bool kernelWrite(const Access &A, const Reg &R, uint64_t Off);
  bool mapAccess(const Access &A, const Reg &R, Reg *Loaded);
  Reg lsmResult() const;
  bool hookAccess(const Access &A, unsigned Off, Reg *Loaded);
  bool kernelSymbol(llvm::StringRef Name);
  bool declaredVoid(llvm::StringRef Name) const;

  // Helpers.cpp, Arguments.cpp: calls of helpers.
  struct Call {
    const target::HelperInfo *H = nullptr;     ///< of helpers
    const target::KernelFunction *K = nullptr; ///< of kernel functions
    uint32_t Func = 0;                         ///< in the kernel's types
    uint64_t Constant = 0;                     ///< what a `__k` argument is
    std::string Name;
    uint32_t Map = ~0u;
    uint32_t MapId = 0;      ///< of the register that names the map
    uint64_t MemSize = 0;    ///< of AllocSize
    uint32_t Callback = ~0u; ///< Sub
    uint32_t ReleasedRef = 0;
    unsigned ReleasedReg = 0;
    uint32_t DynptrRef = 0, DynptrId = 0;
    uint16_t DynptrFlags = 0;
    uint32_t ClonedOf = 0;
    std::optional<SpecialField> Exchanged; ///< the kptr of bpf_kptr_xchg
    SpecialField Container;                ///< of calls about lists and trees
    Reg Args[6];                           ///< [1] to [5] as they were
  };
  bool helperCall(const isa::Inst &I);
  void keepPerCpuObjects(uint32_t Ref);
  bool fieldIsMissing();
  bool helperAllowed(const target::HelperInfo &H);
  bool eventAllows(const target::HelperInfo &H) const;
  bool argument(Call &C, unsigned N);
  bool sizedMemory(Call &C, unsigned N);
  bool socketArgument(Call &C, unsigned N, target::ArgKind K);
  bool objectArgument(Call &C, unsigned N, bool OrNull);
  bool objectResult(Call &C, bool OrNull);
  bool perCpuResult(Call &C, bool OrNull);
  bool mapFits(const Call &C);
  bool specialFieldArgument(Call &C, unsigned RegNo, SpecialField::Kind What);
  bool takesSocket(const target::HelperInfo &H) const;
  bool constantString(unsigned RegNo);
  uint64_t maxCpus() const;
  bool helperResult(Call &C);
  bool alwaysFinds(const Call &C);
  bool releaseReference(uint32_t Ref);
  static uint32_t lockIndex(const Reg &R);
  bool lockCall(const Call &C);
  bool tailCall(const Call &C);
  void forgetPackets();
  void clearCallerSaved();
  uint32_t acquire(const char *What);
  const SpecialField *fieldAt(const Reg &R, int64_t Off) const;
  const std::vector<SpecialField> &fieldsOf(uint32_t BtfType) const;

  // Dynptrs.cpp
  bool dynptrSlot(unsigned RegNo, uint32_t &FrameNo, unsigned &Slot);
  bool newDynptr(Call &C, unsigned RegNo);
  bool useDynptr(Call &C, unsigned RegNo, bool Release);
  void dropDynptrSlices(uint32_t Id);
  bool dynptrKfunc(Call &C, llvm::StringRef Name);
  bool dynptrSlice(Call &C, bool Write);

  // Calls.cpp: calls of BPF functions.
  bool subprogCall(const isa::Inst &I);
  bool globalCall(uint32_t SubNumber);
  bool enter(uint32_t SubNumber, CallbackKind Kind);
  bool callback(Call &C, CallbackKind Kind);
  bool leave();
  bool exitProgram();
  bool checkReturn(const Reg &R);
  bool noLeftovers(const char *Where, bool All = false);

  // Kfuncs.cpp
  bool kfuncCall(const isa::Inst &I);
  bool findKernelFunction(llvm::StringRef Name, Call &C);
  bool kernelFunctionFitsHere(const Call &C);
  bool isKernelSymbol(llvm::StringRef Name) const;
  bool sectionCall(llvm::StringRef Name, bool &Known);
  void endRcuSection();
  bool throwCall(Call &C);

  // Iterators.cpp
  bool iteratorCall(Call &C);
  bool iteratorNew(Call &C);
  bool iteratorNext(Call &C);
  bool iteratorDestroy(Call &C);
  uint32_t iteratorType(llvm::StringRef Function) const;
  unsigned iteratorSlots(uint32_t Type) const;
  bool iteratorSlot(unsigned RegNo, unsigned Slots, uint32_t &FrameNo,
                    unsigned &Slot);
  bool useIterator(Call &C, uint32_t &FrameNo, unsigned &Slot);
  Reg iteratorElement(Call &C, const StackSlot &S);

  // KernelCalls.cpp
  bool kernelCall(Call &C);
  bool kernelArguments(Call &C, unsigned First);
  bool kernelPointer(Call &C, unsigned N, uint32_t To, llvm::StringRef Name,
                     bool HasSize);
  bool kernelObjectArgument(Call &C, unsigned N, uint32_t Want);
  bool kernelMemory(Call &C, unsigned N, bool Optional);
  bool kernelResult(Call &C);
  bool readOnlyCast(Call &C);
  uint32_t kernelTypeOf(const Reg &R) const;

  // Objects.cpp: objects of the program, their lists and trees.
  bool objectCall(Call &C);
  bool inTreeCallback() const;
  bool newObject(Call &C, bool OfEachCpu);
  bool objectIn(Call &C, unsigned N, bool Owned);
  bool dropObject(Call &C, bool OfEachCpu);
  bool shareObject(Call &C);
  const SpecialField *containerArgument(Call &C, SpecialField::Kind What);
  bool nodeArgument(Call &C, unsigned N, const SpecialField &Container,
                    bool Owned);
  void giveAway(uint32_t Ref);
  void forgetNonOwned();
  Reg nodeOf(const SpecialField &Container, bool Owned);
  bool listCall(Call &C);
  bool treeCall(Call &C);

  // Kptrs.cpp
  uint32_t kernelTypeOf(const SpecialField &F) const;
  Reg loadKptr(const SpecialField &F);
  bool fitsKptr(const Reg &R, const SpecialField &F);
  bool storeKptr(const Access &A, const SpecialField &F);
  bool kptrDestination(Call &C, unsigned N);
  bool kptrSource(Call &C, unsigned N);
  Reg kptrResult(const SpecialField &F);

  // Explain.cpp
  bool fail(DiagCode Code, const llvm::Twine &Message,
            const llvm::Twine &Help = "");
  /// The same, with the story of a register's value.
  bool failAbout(DiagCode Code, const Reg &R, const llvm::Twine &Message,
                 const llvm::Twine &Help = "");
  bool cannotJudge(const llvm::Twine &Why);
  std::string variableOf(const Reg &R) const;
  std::string nameOf(const Reg &R, unsigned RegNo) const;
  std::string nullTest(const Reg &R) const;
  std::string variableSetAt(uint32_t Inst) const;
  const Subprog::Line *line(uint32_t Inst) const;
  void addHistory(uint32_t Since);
  static const char *kindName(const Reg &R);
  std::string rangeText(const Reg &R) const;

  // Here: registers.
  const Reg &reg(unsigned N) const { return Cur.top().R[N]; }
  Frame &frame() { return Cur.writable(Cur.Frames.size() - 1); }
  uint32_t frameNo() const { return uint32_t(Cur.Frames.size() - 1); }
  /// Marks register \p N read; an error if it was never set.
  bool read(unsigned N);
  void precise(const Reg &R) { Graph.markPrecise(R.Node); }
  void precise(unsigned N) { Graph.markPrecise(reg(N).Node); }
  /// Gives \p N the value \p V, made of \p A and \p B.
  void define(unsigned N, Reg V, Nodes::Id A = 0, Nodes::Id B = 0);
  void defineUnknown(unsigned N, Nodes::Id A = 0, Nodes::Id B = 0);
  static Reg unknownScalar();
  static Reg constantScalar(uint64_t V);
  static Reg boundedScalar(unsigned Bytes, bool SignExtend);
  uint32_t newId() { return ++LastId; }
  bool has(target::Feature F) const { return hasFeature(O.Kernel, F); }
  bool before(unsigned Major, unsigned Minor) const {
    return O.Kernel < target::KernelVersion{uint8_t(Major), uint8_t(Minor)};
  }
  /// Calls \p Do for every register and spilled register of \p S.
  template <typename F> void forEachReg(State &S, F Do) {
    for (size_t N = 0; N != S.Frames.size(); ++N) {
      Frame &Fr = S.writable(N);
      for (Reg &R : Fr.R)
        Do(R);
      for (StackSlot &Slot : Fr.Stack)
        if (Slot.isSpill())
          Do(Slot.Spill);
    }
  }

  const Program &P;
  Options O;
  uint32_t Entry;
  BtfFile Btf;
  Unit U;
  Nodes Graph;
  Result Res;
  Finding &Why = Res.Why;

  std::optional<Hook> Event; ///< that the program is attached to

  State Cur;
  uint32_t Pc = 0;
  uint32_t LastId = 0;
  uint32_t RootSub = 0;    ///< the Sub whose paths are followed
  Nodes::Id LastGiven = 0; ///< up to here: what it is given
  /// Global functions whose paths are still to be followed.
  std::vector<uint32_t> ToVerify;
  std::vector<bool> WillVerify;

  struct Pending {
    State S;
    uint32_t Inst, Parent;
    uint32_t Stretch; ///< it leaves at step Left
    uint64_t Left;
  };
  std::vector<Pending> Open;

  /// The steps from First on, up to the end of a path. They follow step Left of
  /// stretch From.
  struct Stretch {
    uint32_t From;
    uint64_t Left, First;
  };
  std::vector<Stretch> Stretches; ///< the last is gone now; the first is 0

  std::vector<uint64_t> Visits; ///< by instruction; empty if nobody asks
  Watch *Watching = nullptr;    ///< of runAlong()

  /// A state that was kept. Branches counts paths from here that have not
  /// ended.
  struct Kept {
    State S;
    uint32_t Inst = 0, Parent = 0, Branches = 1;
    uint32_t Depth = 0;
    uint32_t LoopEntry = 0; ///< the outermost loop's start that this leads to
    Nodes::Id LastNode = 0; ///< that was made before it
    unsigned Hits = 0, Misses = 0;
    bool Dropped = false;
  };
  std::deque<Kept> Store;                    ///< [0] is none
  std::vector<std::vector<uint32_t>> KeptAt; ///< by instruction
  uint32_t Parent = 0;                       ///< in Store
  uint64_t LastKeptStep = 0;
  unsigned JumpsSinceKept = 0;
  uint64_t StepsSinceKept = 0;
  uint64_t LiveStates = 0;
  bool Ended = false; ///< this path has

  std::vector<Kind> Through; ///< by instruction: what it reads or writes by

  struct Turn {
    uint32_t Before, Inst;
    bool Taken;
  };
  std::vector<Turn> Turns = {{0, 0, false}};

  std::map<uint32_t, std::vector<uint32_t>> TagsOf; ///< by Func: DeclTags
  mutable std::deque<std::pair<uint32_t, std::vector<SpecialField>>> TypeFields;
};

/// Whether \p Name makes, drops or links objects of the program (Objects.cpp).
bool isObjectFunction(llvm::StringRef Name);
/// Whether \p Name is about dynptrs in the first place (Dynptrs.cpp).
bool isDynptrFunction(llvm::StringRef Name);
/// Whether functions of the kernel take \p R for an object that is alive
/// (KernelObjects.cpp).
bool isTrusted(const Reg &R);

/// Compares \p New with \p Old, which was met before at \p Pc (Equal.cpp).
/// Registers that \p Code does not read later are left out; null for none.
bool covers(const State &Old, const State &New, const Nodes &Graph,
            Exactness How, const Unit *Code, uint32_t Pc);

} // namespace bpfcc::verify

#endif
