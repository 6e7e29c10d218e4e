#ifndef BPFCC_RUNTIME_VERIFY_UNIT_H
#define BPFCC_RUNTIME_VERIFY_UNIT_H

#include "backend/btf/BtfFile.h"
#include "runtime/verify/Verify.h"

namespace bpfcc::verify {

/// A program with all that it calls, in one array of instructions, as loaders
/// hand it to the kernel.
struct Unit {
  struct Sub {
    uint32_t Subprog = 0;        ///< in Program
    uint32_t Start = 0, End = 0; ///< instructions
    bool IsGlobal = false;       ///< verified on its own
    bool IsCallback = false;     ///< its address is taken
    uint32_t FuncType = 0;       ///< BTF Func; 0 if unknown
    unsigned StackDepth = 0;     ///< bytes, as far as seen
    unsigned SpillDepth = 0;     ///< the same, with spills around fast calls
    int SpillTop = 0;            ///< such spills lie below this offset from r10
    bool KeepsSpills = false;    ///< something else uses their slots
    bool HasTailCall = false;    ///< itself
    bool ChangesPacket = false;  ///< itself or what it calls
    bool MaySleep = false;       ///< itself or what it calls
    bool MayThrow = false;
    std::vector<uint32_t> Calls; ///< instructions that call subprograms
  };
  std::vector<Sub> Subs; ///< [0] is the program itself
  /// The Sub that decides what the program returns after bpf_throw(); 0 for
  /// none.
  uint32_t ExceptionCallback = 0;
  std::vector<isa::Inst> Insts;
  /// Of jumps: where they lead. Of CALL_SUBPROG and LD_FUNC: a Sub.
  std::vector<uint32_t> Target;
  std::vector<uint16_t> SubOf; ///< by instruction
  enum : uint8_t {
    Compare = 1,    ///< states are compared before this instruction
    AlwaysKeep = 2, ///< and kept each time
    FastSpill = 4   ///< a spill or reload around a fast call
  };
  std::vector<uint8_t> Marks;
  /// Registers that are read from this instruction on before they are written,
  /// on some path: bit n for rn (Live.cpp).
  std::vector<uint16_t> Live;
  /// That alone decides which registers states must agree in, not what was read
  /// on the paths that were followed: from Linux 6.18 on.
  bool LiveByCode = false;

  Place place(uint32_t Inst) const {
    const Sub &S = Subs[SubOf[Inst]];
    return {S.Subprog, Inst - S.Start};
  }
};

/// Puts \p Entry and what it calls together and checks the form: jumps stay
/// within their function, every instruction can be reached, functions end in
/// an exit or a jump. False with \p Why filled in if that is not so.
bool buildUnit(const Program &P, const BtfFile &Btf, uint32_t Entry,
               const Options &O, Unit &U, Finding &Why);

/// Fills in \p U's Live.
void findLiveRegisters(Unit &U);

/// Marks spills around calls that leave registers as they were, which the
/// kernel removes, so that they need no stack (Fastcall.cpp). \p Kfuncs:
/// Externs that are such functions.
void findFastSpills(Unit &U, const std::vector<bool> &Kfuncs);

/// Checks the bytes of stack along each chain of calls. \p U's StackDepths must
/// be final.
bool checkStackDepth(const Program &P, const Unit &U, const Options &O,
                     Finding &Why);

} // namespace bpfcc::verify

#endif
