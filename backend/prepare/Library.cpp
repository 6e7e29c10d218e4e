// Needs: IR without memory intrinsics. Gives: IR without calls of the functions
// of <string.h> that the program uses and does not define.
//
//   %n = call i64 @strlen(ptr %s)   ->   a loop over the bytes, here
//
// BPF has no library to call. Each function is written below as what prepare
// makes of IR (no select, no compare as a value), and is inlined where it is
// called, so that it needs no type information of its own. Memory calls of a
// size that is not constant come here too, as calls of these functions. Sizes
// stay the program's affair: the kernel's verifier wants to see their bound.

#include "backend/prepare/Library.h"

#include "backend/prepare/Passes.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Transforms/Utils/Cloning.h"

namespace bpfcc {

using namespace llvm;

static constexpr char Prefix[] = "bpfcc.library.";

// %i is how far a loop has come, %j one more, %x and %y are bytes.
static constexpr char Text[] = R"(
define internal ptr @bpfcc.library.memcpy(ptr %to, ptr %from, i64 %size) {
  %none = icmp eq i64 %size, 0
  br i1 %none, label %done, label %loop
loop:
  %i = phi i64 [0, %0], [%j, %loop]
  %p = getelementptr i8, ptr %from, i64 %i
  %x = load i8, ptr %p
  %q = getelementptr i8, ptr %to, i64 %i
  store i8 %x, ptr %q
  %j = add i64 %i, 1
  %more = icmp ult i64 %j, %size
  br i1 %more, label %loop, label %done
done:
  ret ptr %to
}

define internal ptr @bpfcc.library.memmove(ptr %to, ptr %from, i64 %size) {
  %none = icmp eq i64 %size, 0
  br i1 %none, label %done, label %some
some:
  %below = icmp ult ptr %to, %from
  br i1 %below, label %up, label %down
up:
  %i = phi i64 [0, %some], [%j, %up]
  %p = getelementptr i8, ptr %from, i64 %i
  %x = load i8, ptr %p
  %q = getelementptr i8, ptr %to, i64 %i
  store i8 %x, ptr %q
  %j = add i64 %i, 1
  %more = icmp ult i64 %j, %size
  br i1 %more, label %up, label %done
down:
  %k = phi i64 [%size, %some], [%l, %down]
  %l = sub i64 %k, 1
  %r = getelementptr i8, ptr %from, i64 %l
  %y = load i8, ptr %r
  %s = getelementptr i8, ptr %to, i64 %l
  store i8 %y, ptr %s
  %rest = icmp ne i64 %l, 0
  br i1 %rest, label %down, label %done
done:
  ret ptr %to
}

define internal ptr @bpfcc.library.memset(ptr %to, i32 %value, i64 %size) {
  %x = trunc i32 %value to i8
  %none = icmp eq i64 %size, 0
  br i1 %none, label %done, label %loop
loop:
  %i = phi i64 [0, %0], [%j, %loop]
  %q = getelementptr i8, ptr %to, i64 %i
  store i8 %x, ptr %q
  %j = add i64 %i, 1
  %more = icmp ult i64 %j, %size
  br i1 %more, label %loop, label %done
done:
  ret ptr %to
}

define internal i32 @bpfcc.library.memcmp(ptr %a, ptr %b, i64 %size) {
  br label %loop
loop:
  %i = phi i64 [0, %0], [%j, %same]
  %more = icmp ult i64 %i, %size
  br i1 %more, label %body, label %equal
body:
  %p = getelementptr i8, ptr %a, i64 %i
  %x = load i8, ptr %p
  %q = getelementptr i8, ptr %b, i64 %i
  %y = load i8, ptr %q
  %j = add i64 %i, 1
  %is = icmp eq i8 %x, %y
  br i1 %is, label %same, label %differ
same:
  br label %loop
differ:
  %u = zext i8 %x to i32
  %v = zext i8 %y to i32
  %d = sub i32 %u, %v
  ret i32 %d
equal:
  ret i32 0
}

define internal ptr @bpfcc.library.memchr(ptr %s, i32 %value, i64 %size) {
  %v = trunc i32 %value to i8
  br label %loop
loop:
  %i = phi i64 [0, %0], [%j, %next]
  %more = icmp ult i64 %i, %size
  br i1 %more, label %body, label %missing
body:
  %p = getelementptr i8, ptr %s, i64 %i
  %x = load i8, ptr %p
  %is = icmp eq i8 %x, %v
  br i1 %is, label %found, label %next
next:
  %j = add i64 %i, 1
  br label %loop
found:
  ret ptr %p
missing:
  ret ptr null
}

define internal i64 @bpfcc.library.strlen(ptr %s) {
  br label %loop
loop:
  %i = phi i64 [0, %0], [%j, %loop]
  %p = getelementptr i8, ptr %s, i64 %i
  %x = load i8, ptr %p
  %j = add i64 %i, 1
  %end = icmp eq i8 %x, 0
  br i1 %end, label %done, label %loop
done:
  ret i64 %i
}

define internal i64 @bpfcc.library.strnlen(ptr %s, i64 %size) {
  br label %loop
loop:
  %i = phi i64 [0, %0], [%j, %next]
  %more = icmp ult i64 %i, %size
  br i1 %more, label %body, label %done
body:
  %p = getelementptr i8, ptr %s, i64 %i
  %x = load i8, ptr %p
  %end = icmp eq i8 %x, 0
  br i1 %end, label %done, label %next
next:
  %j = add i64 %i, 1
  br label %loop
done:
  ret i64 %i
}

define internal i32 @bpfcc.library.strcmp(ptr %a, ptr %b) {
  br label %loop
loop:
  %i = phi i64 [0, %0], [%j, %next]
  %p = getelementptr i8, ptr %a, i64 %i
  %x = load i8, ptr %p
  %q = getelementptr i8, ptr %b, i64 %i
  %y = load i8, ptr %q
  %j = add i64 %i, 1
  %is = icmp eq i8 %x, %y
  br i1 %is, label %same, label %done
same:
  %end = icmp eq i8 %x, 0
  br i1 %end, label %done, label %next
next:
  br label %loop
done:
  %u = zext i8 %x to i32
  %v = zext i8 %y to i32
  %d = sub i32 %u, %v
  ret i32 %d
}

define internal i32 @bpfcc.library.strncmp(ptr %a, ptr %b, i64 %size) {
  br label %loop
loop:
  %i = phi i64 [0, %0], [%j, %next]
  %more = icmp ult i64 %i, %size
  br i1 %more, label %body, label %equal
body:
  %p = getelementptr i8, ptr %a, i64 %i
  %x = load i8, ptr %p
  %q = getelementptr i8, ptr %b, i64 %i
  %y = load i8, ptr %q
  %j = add i64 %i, 1
  %is = icmp eq i8 %x, %y
  br i1 %is, label %same, label %differ
same:
  %end = icmp eq i8 %x, 0
  br i1 %end, label %equal, label %next
next:
  br label %loop
differ:
  %u = zext i8 %x to i32
  %v = zext i8 %y to i32
  %d = sub i32 %u, %v
  ret i32 %d
equal:
  ret i32 0
}

define internal ptr @bpfcc.library.strcpy(ptr %to, ptr %from) {
  br label %loop
loop:
  %i = phi i64 [0, %0], [%j, %loop]
  %p = getelementptr i8, ptr %from, i64 %i
  %x = load i8, ptr %p
  %q = getelementptr i8, ptr %to, i64 %i
  store i8 %x, ptr %q
  %j = add i64 %i, 1
  %end = icmp eq i8 %x, 0
  br i1 %end, label %done, label %loop
done:
  ret ptr %to
}

define internal ptr @bpfcc.library.stpcpy(ptr %to, ptr %from) {
  br label %loop
loop:
  %i = phi i64 [0, %0], [%j, %loop]
  %p = getelementptr i8, ptr %from, i64 %i
  %x = load i8, ptr %p
  %q = getelementptr i8, ptr %to, i64 %i
  store i8 %x, ptr %q
  %j = add i64 %i, 1
  %end = icmp eq i8 %x, 0
  br i1 %end, label %done, label %loop
done:
  ret ptr %q
}

define internal ptr @bpfcc.library.strncpy(ptr %to, ptr %from, i64 %size) {
  br label %copy
copy:
  %i = phi i64 [0, %0], [%j, %next]
  %more = icmp ult i64 %i, %size
  br i1 %more, label %body, label %done
body:
  %p = getelementptr i8, ptr %from, i64 %i
  %x = load i8, ptr %p
  %q = getelementptr i8, ptr %to, i64 %i
  store i8 %x, ptr %q
  %j = add i64 %i, 1
  %end = icmp eq i8 %x, 0
  br i1 %end, label %fill, label %next
next:
  br label %copy
fill:
  %k = phi i64 [%j, %body], [%l, %zero]
  %rest = icmp ult i64 %k, %size
  br i1 %rest, label %zero, label %done
zero:
  %r = getelementptr i8, ptr %to, i64 %k
  store i8 0, ptr %r
  %l = add i64 %k, 1
  br label %fill
done:
  ret ptr %to
}

define internal ptr @bpfcc.library.strcat(ptr %to, ptr %from) {
  br label %find
find:
  %k = phi i64 [0, %0], [%l, %find]
  %r = getelementptr i8, ptr %to, i64 %k
  %y = load i8, ptr %r
  %l = add i64 %k, 1
  %at = icmp eq i8 %y, 0
  br i1 %at, label %copy, label %find
copy:
  %i = phi i64 [0, %find], [%j, %copy]
  %p = getelementptr i8, ptr %from, i64 %i
  %x = load i8, ptr %p
  %q = getelementptr i8, ptr %r, i64 %i
  store i8 %x, ptr %q
  %j = add i64 %i, 1
  %end = icmp eq i8 %x, 0
  br i1 %end, label %done, label %copy
done:
  ret ptr %to
}

define internal ptr @bpfcc.library.strchr(ptr %s, i32 %value) {
  %v = trunc i32 %value to i8
  br label %loop
loop:
  %i = phi i64 [0, %0], [%j, %next]
  %p = getelementptr i8, ptr %s, i64 %i
  %x = load i8, ptr %p
  %is = icmp eq i8 %x, %v
  br i1 %is, label %found, label %other
other:
  %end = icmp eq i8 %x, 0
  br i1 %end, label %missing, label %next
next:
  %j = add i64 %i, 1
  br label %loop
found:
  ret ptr %p
missing:
  ret ptr null
}

define internal ptr @bpfcc.library.strrchr(ptr %s, i32 %value) {
  %v = trunc i32 %value to i8
  br label %loop
loop:
  %i = phi i64 [0, %0], [%j, %next]
  %last = phi ptr [null, %0], [%now, %next]
  %p = getelementptr i8, ptr %s, i64 %i
  %x = load i8, ptr %p
  %is = icmp eq i8 %x, %v
  br i1 %is, label %found, label %other
found:
  br label %other
other:
  %now = phi ptr [%last, %loop], [%p, %found]
  %end = icmp eq i8 %x, 0
  br i1 %end, label %done, label %next
next:
  %j = add i64 %i, 1
  br label %loop
done:
  ret ptr %now
}
)";

static bool isLibraryName(StringRef Name) {
  // A name of the text, as it stands before its parameters.
  return StringRef(Text).contains((Twine(Prefix) + Name + "(").str());
}

FunctionCallee libraryFunction(Module &M, StringRef Name, FunctionType &Ty) {
  assert(isLibraryName(Name));
  return M.getOrInsertFunction((Twine(Prefix) + Name).str(), &Ty);
}

/// The calls of functions that are not defined here and have a name of the
/// library, by that name.
static SmallVector<std::pair<CallInst *, std::string>, 8>
libraryCalls(Module &M) {
  SmallVector<std::pair<CallInst *, std::string>, 8> Calls;
  for (Function &F : M) {
    StringRef Name = F.getName();
    Name.consume_front(Prefix);
    if (!F.isDeclaration() || F.hasSection() || !isLibraryName(Name))
      continue;
    for (User *U : F.users())
      if (auto *Call = dyn_cast<CallInst>(U); Call && Call->getCalledFunction())
        Calls.push_back({Call, Name.str()});
  }
  return Calls;
}

static void parseText(Module &M) {
  LLVMContext &Context = M.getContext();
  bool Discard = Context.shouldDiscardValueNames();
  Context.setDiscardValueNames(false); // which the parser would refuse
  SMDiagnostic Problem;
  [[maybe_unused]] bool Failed =
      parseAssemblyInto(MemoryBufferRef(Text, "library"), &M, nullptr, Problem);
  assert(!Failed && "the text above is IR");
  Context.setDiscardValueNames(Discard);
}

void inlineLibrary(Module &M) {
  auto Calls = libraryCalls(M);
  if (Calls.empty())
    return;
  // The text defines what calls declare: those names make room.
  for (Function &F : M)
    if (F.getName().starts_with(Prefix))
      F.setName("");
  parseText(M);
  for (auto &[Call, Name] : Calls) {
    Function *Declared = Call->getCalledFunction();
    Function *Own = M.getFunction((Twine(Prefix) + Name).str());
    if (Call->getFunctionType() != Own->getFunctionType())
      continue; // a function of that name, but another
    Call->setCalledFunction(Own);
    Call->setAttributes({});
    InlineFunctionInfo Info;
    InlineFunction(*Call, Info);
    if (Declared->use_empty())
      Declared->eraseFromParent();
  }
  for (Function &F : make_early_inc_range(M))
    if (F.getName().starts_with(Prefix))
      F.eraseFromParent();
}

} // namespace bpfcc
