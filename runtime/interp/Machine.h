#ifndef BPFCC_RUNTIME_INTERP_MACHINE_H
#define BPFCC_RUNTIME_INTERP_MACHINE_H

#include "runtime/interp/Predecode.h"

#include <array>

namespace bpfcc {

constexpr unsigned StackSize = 512;
constexpr uint32_t MaxLoops = 8 * 1024 * 1024; ///< may_goto rounds of a frame
constexpr uint16_t CallerSaved = 0x3f;         // r0 to r5

/// A subprogram that has begun and not returned.
struct Frame {
  uint32_t Func;
  uint32_t Return; ///< index of the call in the caller's code
  uint32_t Loops;  ///< may_goto rounds left
  uint16_t CallerInit;
  uint16_t SavedMask; ///< compiled code: which of r6 to r9 Saved holds
  std::array<uint64_t, 5> Saved; ///< the caller's r6 to r10
  uint64_t StackTop;             ///< r10; 0 before the depth is first reached
};

/// What the interpreter and compiled code share of a run. It lies in the
/// workspace of the program's memory, where compiled code finds it.
struct RunState {
  uint64_t Left;          ///< instructions that may still run
  alignas(8) Frame *Top;  ///< the innermost frame
  alignas(8) Frame *Last; ///< where no frame may follow
};

/// The registers at one instruction.
struct Registers {
  uint64_t R[isa::NumRegs] = {};
  uint16_t Init = 1 << isa::R10; ///< those that have been written
  uint32_t Inst = 0;             ///< in the innermost frame's subprogram
};

/// An instruction of the fast loop; it has the index of its PreInst.
struct Step {
  const void *Go = nullptr; ///< the code that executes it
  uint8_t Dst = 0;
  uint8_t Src = 0;
  int16_t Off = 0;    ///< of helpers: the registers that are written there
  int32_t Target = 0; ///< of jumps: bytes from this step on
  int64_t Imm = 0;
};

/// Executes a program's instructions. Keeps its stacks from run to run.
class Machine {
public:
  /// \p Verified: accesses need no checks.
  explicit Machine(Predecoded &Code, bool Verified = false);
  ~Machine();
  Machine(const Machine &) = delete;
  Machine &operator=(const Machine &) = delete;

  void begin(const RunLimits &Limits);

  /// Runs subprogram \p Func in a new frame until it returns.
  llvm::Expected<uint64_t> exec(uint32_t Func, llvm::ArrayRef<uint64_t> Args);

  /// Goes on at \p At until the frame \p Until, one above the innermost
  /// frame or further out, is the innermost one again.
  llvm::Expected<uint64_t> resume(Registers &At, Frame *Until);

  /// Starts a frame for \p Func; an error if there are too many.
  llvm::Error push(uint32_t Func);
  /// Gives the innermost frame a stack of zeroes and returns its r10.
  uint64_t enterStack();
  /// Makes the stacks of the \p Count outermost frames, where they are not
  /// there yet.
  void makeStacks(unsigned Count);

  /// The subprogram that r2, a prog array, holds at index r3; ~0u if the call
  /// falls through.
  llvm::Expected<uint32_t> tailTarget(uint64_t R2, uint64_t R3);
  /// The instruction of the innermost frame's subprogram that \p Entry of a
  /// jump table stands for; ~0u for none.
  uint32_t gotoTarget(uint64_t Entry) const;
  /// The bytes that LD_ABS and LD_IND mean by \p Offset: from the data on, or,
  /// by the negative bases of <linux/filter.h>, from the network or link
  /// header. Null if there are none.
  const uint8_t *packetAt(int64_t Offset, unsigned Size) const;

  /// The error \p E of a helper that the innermost frame called at \p Inst,
  /// with its place, unless it tells its own: then it is of a callback.
  llvm::Error helperFault(llvm::Error E, uint32_t Inst);

  RunState &state() const { return S; }
  Frame *outermost() { return Frames.data(); }
  uint64_t executed() const { return Limits.MaxInsts - S.Left; }
  Predecoded &code() const { return Code; }

private:
  /// With everything checked.
  template <bool BigEndian>
  llvm::Expected<uint64_t> exact(Registers &At, Frame *Until);
  /// Of programs that have Flows; what it cannot do it leaves to exact().
  template <bool BigEndian, bool Checked>
  llvm::Expected<uint64_t> fast(Registers &At, Frame *Until);
  std::string describeAccess(uint64_t Guest, unsigned Size, bool Write) const;

  // Of the fast loop; what they give fits into its jumps.
  void makeSteps(const void *const *Labels, const void *Leave);
  /// enterStack() for \p Func, with zeroes where it may read them.
  uint64_t enterFrame(uint32_t Func);
  /// False if the helper failed: Failure says how.
  bool helperInto(uint64_t &R0, uint32_t Id, llvm::ArrayRef<uint64_t> Args,
                  uint32_t Inst);
  uint32_t tailTargetOr(uint32_t Wrong, uint64_t R2, uint64_t R3);
  llvm::Expected<uint64_t> leaveFast(Registers &At, Frame *Until,
                                     uint16_t Written);

  Predecoded &Code;
  Environment &Env;
  RunState &S;
  bool Verified;
  RunLimits Limits;
  unsigned TailCalls = 0;
  bool Located = false; ///< an error that says where it happened is under way
  /// The first stands for whoever called the program.
  std::vector<Frame> Frames;
  std::vector<std::vector<Step>> Steps;
  size_t Longest = 0; ///< steps of a subprogram
  llvm::Error Failure = llvm::Error::success();
};

} // namespace bpfcc

#endif
