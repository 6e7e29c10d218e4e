#ifndef BPFCC_RUNTIME_MAPS_PREFIXTRIE_H
#define BPFCC_RUNTIME_MAPS_PREFIXTRIE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <vector>

namespace bpfcc {

/// Numbers by bit strings, to be looked up by the longest that is a prefix: a
/// trie without nodes that have one child (Morrison, "PATRICIA", JACM 1968), as
/// the kernel's is. Bits count from the most significant one of the first byte.
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
  size_t numEmpty() const { return Nodes.size() - NumSet; }

private:
  /// Strings are words, the first bit the most significant.
  using Words = llvm::SmallVector<uint64_t, 4>;
  struct Node {
    uint32_t Length;
    uint32_t Child[2] = {0, 0}; ///< by the next bit; 0 is none
    uint64_t Number = 0;
  };

  Words wordsOf(llvm::ArrayRef<uint8_t> Data) const;
  uint32_t add(const Words &String, uint32_t Length, uint64_t Number);
  /// How many of the first bits are those of \p N, all of which at most.
  uint32_t common(uint32_t N, const Words &String) const;

  uint32_t WordsEach;
  std::vector<Node> Nodes;       ///< 0 is the empty string
  std::vector<uint64_t> Strings; ///< of each node
  size_t NumSet = 0;
};

} // namespace bpfcc

#endif
