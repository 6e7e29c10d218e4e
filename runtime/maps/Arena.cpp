#include "runtime/maps/Arena.h"

#include "llvm/Support/MathExtras.h"

#include <cstring>

using namespace llvm;

namespace bpfcc {

Arena::Arena(const MapDef &D, Memory &Mem)
    : Map(D, Mem), There(D.MaxEntries), Kept(D.MaxEntries) {
  // Low halves near 0 are null pointers, with what is added to them.
  constexpr uint64_t Low = 1 << 16;
  uint64_t Size = Def.MaxEntries * PageSize;
  uint64_t Distance = Size <= Span - Low ? Low : 0;
  Base = Mem.reserve(Span, Distance, Size, Def.Name);
  First = Base + Distance;
  if (!Distance)
    Kept.set(0);
}

uint64_t Arena::lookup(const uint8_t *, unsigned) { return First; }

std::optional<uint32_t> Arena::pageAt(uint64_t At, uint64_t Pages) const {
  uint32_t Offset = uint32_t(At) - uint32_t(First);
  uint32_t Page = Offset / PageSize;
  if (Offset % PageSize || Page >= Def.MaxEntries ||
      Pages > Def.MaxEntries - Page)
    return std::nullopt;
  return Page;
}

uint64_t Arena::allocatePages(uint64_t At, uint64_t Pages) {
  std::lock_guard Locked(Lock);
  if (!Pages || Pages > Def.MaxEntries)
    return 0;
  unsigned Begin = 0, Count = unsigned(Pages);
  BitVector Taken = There;
  Taken |= Kept;
  if (At) {
    std::optional<uint32_t> Page = pageAt(At, Pages);
    if (!Page || Taken.find_first_in(*Page, *Page + Count) != -1)
      return 0;
    Begin = *Page;
  } else {
    for (;;) {
      int Free = Taken.find_first_unset_in(Begin, Def.MaxEntries);
      if (Free < 0 || Pages > Def.MaxEntries - unsigned(Free))
        return 0;
      int Next = Taken.find_first_in(unsigned(Free), unsigned(Free) + Count);
      Begin = unsigned(Next < 0 ? Free : Next);
      if (Next < 0)
        break;
    }
  }
  There.set(Begin, Begin + Count);
  // Accesses may reach from a page into the next one.
  constexpr uint64_t Reach = 8;
  uint64_t From = address(Begin), To = address(Begin + Count);
  From -= Begin && isThere(Begin - 1) ? Reach : 0;
  To += isThere(Begin + Count) ? Reach : 0;
  Mem.permit(From, To - From, Memory::ReadWrite);
  return address(Begin);
}

void Arena::freePages(uint64_t At, uint64_t Pages) {
  std::lock_guard Locked(Lock);
  std::optional<uint32_t> Page = pageAt(At & ~(PageSize - 1), 1);
  if (!Page)
    return;
  uint64_t End = std::min<uint64_t>(*Page + Pages, Def.MaxEntries);
  for (uint64_t N = *Page; N != End; ++N) {
    if (!There[unsigned(N)])
      continue;
    There.reset(unsigned(N));
    memset(Mem.host(address(N)), 0, PageSize);
    Mem.forbid(address(N), PageSize);
    if (N && isThere(N - 1)) { // nothing may reach into it
      constexpr uint64_t Reach = 8;
      Mem.forbid(address(N) - Reach, Reach);
      Mem.permit(address(N) - 2 * Reach, 2 * Reach, Memory::ReadWrite);
    }
  }
}

int Arena::reservePages(uint64_t At, uint64_t Pages) {
  std::lock_guard Locked(Lock);
  if (!Pages)
    return 0;
  std::optional<uint32_t> Page = pageAt(At, Pages);
  if (!Page)
    return -EINVAL;
  unsigned Begin = *Page, End = Begin + unsigned(Pages);
  if (There.find_first_in(Begin, End) != -1 ||
      Kept.find_first_in(Begin, End) != -1)
    return -EBUSY;
  Kept.set(Begin, End);
  return 0;
}

bool Arena::place(ArrayRef<uint8_t> Bytes) {
  if (!allocatePages(First, divideCeil(Bytes.size(), PageSize)))
    return false;
  memcpy(Mem.host(First), Bytes.data(), Bytes.size());
  Placed = Bytes.size();
  return true;
}

std::vector<uint8_t> Arena::valueForUser(const uint8_t *) {
  const uint8_t *From = Mem.host(First);
  return {From, From + Placed};
}

uint64_t Arena::numPages() const {
  std::lock_guard Locked(Lock);
  return There.count();
}

} // namespace bpfcc
