#ifndef BPFCC_BACKEND_BTF_SPECIALFIELDS_H
#define BPFCC_BACKEND_BTF_SPECIALFIELDS_H

#include <cstdint>
#include <vector>

namespace bpfcc {

struct BtfFile;

/// A part of a map's value, or of an object of the program's own, that only
/// helpers and kernel functions change.
struct SpecialField {
  enum Kind : uint8_t {
    SpinLock,
    Timer,
    Kptr,
    Workqueue,
    ListHead,
    ListNode,
    RbRoot,
    RbNode,
    Refcount,
  } What;
  uint32_t Offset, Size; ///< bytes
  uint32_t Type = 0; ///< what a kptr points to, a list or tree holds; BTF id
  uint32_t Node = 0; ///< where in Type the list's or tree's node lies
  enum Pointer : uint8_t {
    Held,          ///< with a reference
    Unheld,        ///< good for reading alone
    PerCpu,        ///< an object of each processor
  } Points = Held; ///< of a kptr
};

/// Those of a value of BTF type \p Type, or of a variable, in the order of its
/// members, found by the names of their types as the kernel finds them
/// (btf_parse_fields): at most 64, more than a kernel takes. None for type 0.
std::vector<SpecialField> specialFields(const BtfFile &Btf, uint32_t Type);

} // namespace bpfcc

#endif
