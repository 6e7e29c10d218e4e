#ifndef BPFCC_RUNTIME_VERIFY_LOGTEXT_H
#define BPFCC_RUNTIME_VERIFY_LOGTEXT_H

#include "runtime/verify/State.h"
#include "runtime/verify/Unit.h"

namespace bpfcc::verify {

/// States and instructions in the words of the kernel's log, as Linux 6.12 and
/// later have them, so that what reads such logs reads these.
class LogText {
public:
  /// What names are taken from; \p Own are the program's types.
  LogText(const Program &P, const BtfFile &Own, const Unit &U,
          const Options &O);

  /// `scalar(id=1,smin=0,...)`, `map_value(map=hits,ks=4,vs=8)`, `fp-8`. The
  /// stack of function \p FrameNo is its own.
  std::string value(const Reg &R, uint32_t FrameNo) const;
  /// `????mmmm`, `scalar()`, `iter_num(ref_id=1,state=active,depth=0)`. Empty
  /// for what no line of a log tells: nothing was written there, or it is the
  /// rest of what stands in the slot below.
  std::string slot(const StackSlot &S, uint32_t FrameNo) const;
  /// ` refs=1,2 cb`, what stands behind registers and stack.
  std::string rest(const State &S, uint32_t FrameNo) const;
  /// `(b7) r0 = 0`, instruction \p N of the unit.
  std::string instruction(uint32_t N) const;
  /// The number that logs give instruction \p N of the unit: they count in
  /// slots of eight bytes.
  uint32_t slotOf(uint32_t N) const { return Slots[N]; }

private:
  std::string typeText(const Reg &R) const;
  std::string callText(uint32_t N) const;

  const Program &P;
  const BtfFile &Own;
  const Unit &U;
  const Options &O;
  std::vector<uint32_t> Slots;
};

} // namespace bpfcc::verify

#endif
