# bpfcc_library(NAME [PIC] [DEPS lib...] [LINK target...] [SOURCES file...])
#
# One static library for the folder that calls it, of all its sources or of
# those named. DEPS are the other folders
# that it may include; nothing else links, so the arrows between folders are
# checked by the linker. PIC: its code goes into shared libraries too.
function(bpfcc_library NAME)
  cmake_parse_arguments(ARG "PIC" "" "DEPS;LINK;SOURCES" ${ARGN})
  set(SOURCES ${ARG_SOURCES})
  if(NOT SOURCES)
    file(GLOB SOURCES CONFIGURE_DEPENDS *.cpp)
  endif()
  add_library(${NAME} STATIC ${SOURCES})
  target_include_directories(${NAME} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${NAME} PUBLIC ${ARG_DEPS} ${ARG_LINK} bpfcc_flags)
  if(ARG_PIC)
    set_target_properties(${NAME} PROPERTIES POSITION_INDEPENDENT_CODE ON
                                             CXX_VISIBILITY_PRESET hidden
                                             VISIBILITY_INLINES_HIDDEN ON)
  endif()
endfunction()

# bpfcc_static_libraries(OUT TARGET): all static libraries that TARGET needs, as
# targets.
function(bpfcc_static_libraries OUT TARGET)
  set(ALL)
  set(WAITING ${TARGET})
  while(WAITING)
    list(POP_FRONT WAITING ONE)
    if(NOT TARGET ${ONE} OR ONE IN_LIST ALL)
      continue()
    endif()
    get_target_property(TYPE ${ONE} TYPE)
    if(TYPE STREQUAL STATIC_LIBRARY OR TYPE STREQUAL INTERFACE_LIBRARY)
      list(APPEND ALL ${ONE})
      get_target_property(NEEDS ${ONE} INTERFACE_LINK_LIBRARIES)
      if(NEEDS)
        list(TRANSFORM NEEDS REPLACE "^[$]<LINK_ONLY:(.*)>$" "\\1")
        list(APPEND WAITING ${NEEDS})
      endif()
    endif()
  endwhile()
  set(LIBRARIES)
  foreach(ONE ${ALL})
    get_target_property(TYPE ${ONE} TYPE)
    if(TYPE STREQUAL STATIC_LIBRARY)
      list(APPEND LIBRARIES ${ONE})
    endif()
  endforeach()
  set(${OUT} ${LIBRARIES} PARENT_SCOPE)
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
