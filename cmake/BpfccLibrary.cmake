# bpfcc_library(NAME [DEPS lib...] [LINK target...] [SOURCES file...])
#
# One static library for the folder that calls it, of all its sources or of
# those named. DEPS are the other folders
# that it may include; nothing else links, so the arrows between folders are
# checked by the linker.
function(bpfcc_library NAME)
  cmake_parse_arguments(ARG "" "" "DEPS;LINK;SOURCES" ${ARGN})
  set(SOURCES ${ARG_SOURCES})
  if(NOT SOURCES)
    file(GLOB SOURCES CONFIGURE_DEPENDS *.cpp)
  endif()
  add_library(${NAME} STATIC ${SOURCES})
  target_include_directories(${NAME} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${NAME} PUBLIC ${ARG_DEPS} ${ARG_LINK} bpfcc_flags)
endfunction()

# bpfcc_unit_test(NAME DEPS lib...): one GoogleTest binary from *Test.cpp here.
function(bpfcc_unit_test NAME)
  cmake_parse_arguments(ARG "" "" "DEPS;LINK" ${ARGN})
  file(GLOB SOURCES CONFIGURE_DEPENDS *Test.cpp)
  if(NOT SOURCES)
    return()
  endif()
  add_executable(${NAME} ${SOURCES})
  target_link_libraries(${NAME} PRIVATE ${ARG_DEPS} ${ARG_LINK} bpfcc_flags
                                        GTest::gtest_main GTest::gmock)
  add_test(NAME ${NAME} COMMAND ${NAME})
  set_property(TEST ${NAME} PROPERTY ENVIRONMENT
               "BPFCC_SOURCE_DIR=${CMAKE_SOURCE_DIR}")
endfunction()
