#ifndef BPFCC_FRONTEND_DRIVER_LINKPLAN_H
#define BPFCC_FRONTEND_DRIVER_LINKPLAN_H

#include "frontend/driver/CodeChoices.h"

#include <string>
#include <vector>

namespace bpfcc {

/// The link that a command line asks for.
struct LinkPlan {
  enum class InputKind {
    Source,  ///< the object of the next source, in the order of the jobs
    File,    ///< an object or archive
    Library, ///< `-lNAME`
  };
  struct Input {
    InputKind Kind;
    std::string Name; ///< as the user wrote it; of a library without `-l`
  };
  std::vector<Input> Inputs;
  std::vector<std::string> LibraryFolders; ///< -L
  std::string Output = "a.out";
  bool Partial = false;             ///< -r
  bool GcSections = false;          ///< --gc-sections
  std::vector<std::string> Exports; ///< --export=
  std::vector<std::string> Traced;  ///< --trace-symbol=
  std::string MapFile;              ///< -Map=; empty: none
  CodeChoices Code;                 ///< of what is bitcode among the inputs
};

} // namespace bpfcc

#endif
