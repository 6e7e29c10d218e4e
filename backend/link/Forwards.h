#ifndef BPFCC_BACKEND_LINK_FORWARDS_H
#define BPFCC_BACKEND_LINK_FORWARDS_H

#include "backend/link/TypeGraph.h"

#include "llvm/ADT/StringSet.h"

namespace bpfcc::link {

/// By node of a forward declaration, a structure of its name: of the most
/// frequent ones by size and members' names. NoNode for all other nodes, and
/// where there is none.
std::vector<uint32_t> frequentDefinitions(TypeGraph &G);

/// Improves \p Definitions, which led to the classes of \p Rep (by node, the
/// one that stands for it): where a name has several different definitions, a
/// forward declaration stands for the one that those refer to which look like
/// its own users. Whether any has changed.
bool improveDefinitions(TypeGraph &G, llvm::ArrayRef<uint32_t> Rep,
                        std::vector<uint32_t> &Definitions);

/// The names of forward declarations that structures of several classes have.
llvm::StringSet<> disputedNames(TypeGraph &G, llvm::ArrayRef<uint32_t> Rep,
                                llvm::ArrayRef<uint32_t> Definitions);

} // namespace bpfcc::link

#endif
