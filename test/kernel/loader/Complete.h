#ifndef BPFCC_TEST_KERNEL_LOADER_COMPLETE_H
#define BPFCC_TEST_KERNEL_LOADER_COMPLETE_H

#include <bpf/libbpf.h>

namespace bpfcc {

/// Gives the maps of \p O what their user space would: sizes, inner maps. Large
/// maps become small, so that thousands of them fit into a virtual machine.
void completeMaps(bpf_object *O);

/// Sets the type of \p P from what its context is, where its section does not
/// say it; a program that replaces another one takes that of its context.
void completeType(const bpf_object *O, bpf_program *P);

} // namespace bpfcc

#endif
