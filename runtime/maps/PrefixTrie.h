#ifndef BPFCC_RUNTIME_MAPS_PREFIXTRIE_H
#define BPFCC_RUNTIME_MAPS_PREFIXTRIE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Allocator.h"

#include <atomic>
#include <cstdint>

namespace bpfcc {

/// Numbers by bit strings, to be looked up by the longest that is a prefix: a
/// trie without nodes that have one child (Morrison, "PATRICIA", JACM 1968), as
/// the kernel's is. Bits count from the most significant one of the first byte.
///
/// Any number of threads may find() while one changes the trie.
class PrefixTrie {
public:
  /// \p Bytes: of each string, with what is behind its last bit.
  explicit PrefixTrie(uint32_t Bytes);

  /// The first \p Length bits of \p Data get \p Number, which is not 0.
  void set(llvm::ArrayRef<uint8_t> Data, uint32_t Length, uint64_t Number);
  /// Forgets the first \p Length bits of \p Data, which have a number.
  void erase(llvm::ArrayRef<uint8_t> Data, uint32_t Length);
  /// The number of the longest string that \p Data begins with and that is no
  /// longer than \p Length; 0 for none.
  uint64_t find(llvm::ArrayRef<uint8_t> Data, uint32_t Length) const;

  /// How many nodes have no number: those that branch, and what erase() left.
  /// A trie with too many is better made anew.
  size_t numEmpty() const { return NumNodes - NumSet; }

private:
  /// Strings are words, the first bit the most significant.
  using Words = llvm::SmallVector<uint64_t, 4>;
  struct Node {
    uint32_t Length = 0;
    std::atomic<uint64_t> Number{0};
    std::atomic<Node *> Child[2] = {nullptr, nullptr}; ///< by the next bit

    uint64_t *string() { return reinterpret_cast<uint64_t *>(this + 1); }
    const uint64_t *string() const {
      return reinterpret_cast<const uint64_t *>(this + 1);
    }
  };

  Words wordsOf(llvm::ArrayRef<uint8_t> Data) const;
  Node *make(const Words &String, uint32_t Length, uint64_t Number);
  /// How many of the first bits are those of \p N, all of which at most.
  static uint32_t common(const Node &N, const Words &String);

  uint32_t WordsEach;
  llvm::BumpPtrAllocator Memory; ///< of the nodes, which stay where they are
  Node *Root;                    ///< the empty string
  size_t NumNodes = 0, NumSet = 0;
};

} // namespace bpfcc

#endif
