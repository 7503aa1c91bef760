# Each public header compiles alone, without RTTI and without a warning, in each of `standards`; all of
# them compile together, in every standard, after the macros of other people's headers; and none lets a third party's header in,
# but for the adapters, each of which is about one of those.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/project.cmake)

set(options -I${library}/include -fno-rtti -fsyntax-only -Wall -Wextra -Wpedantic -Wshadow
            -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Werror)
set(third_party "/(curl|nlohmann|openssl|CLI)/[^ ]*|/(sqlite3|libpq-fe)\\.h[ \n]")
set(event_loops "/asio/[^ ]*|/uv\\.h[ \n]")
set(empty ${work}/empty.cpp)
file(WRITE ${empty} "")

file(GLOB_RECURSE headers RELATIVE ${library}/include ${library}/include/*.hpp)
list(LENGTH headers count)
if(count LESS 20)
  message(FATAL_ERROR "Only ${count} public headers in ${library}/include")
endif()

# expect_clean(HEADER STANDARD FORBIDDEN): FORBIDDEN matches what it must not include.
function(expect_clean header standard forbidden)
  run(${compiler} -std=${standard} ${options} -include ${header} -MD -MF ${work}/included ${empty})
  file(READ ${work}/included included)
  # The path that the library itself stands in says nothing.
  string(REPLACE "${library}/include/" "" included "${included}")
  if(included MATCHES "[^ ]*(${forbidden})")
    message(SEND_ERROR "${header} includes ${CMAKE_MATCH_0}")
  endif()
  if(NOT included MATCHES "${header}")
    message(FATAL_ERROR "${compiler} does not tell what ${header} includes:\n${included}")
  endif()
  file(STRINGS ${library}/include/${header} lines REGEX "^ *# *define")
  foreach(line IN LISTS lines)
    if(NOT line MATCHES "define STRIPE_RETURN_")
      message(SEND_ERROR "${header} has ${line}")
    endif()
  endforeach()
endfunction()

# expect_clean_adapter(NAME ITS_STANDARDS THEIR_HEADER): if THEIR_HEADER is on this computer.
function(expect_clean_adapter name its_standards their_header)
  set(header stripe_return/client/adapters/${name}.hpp)
  list(REMOVE_ITEM headers ${header})
  set(headers ${headers} PARENT_SCOPE)
  execute_process(
    COMMAND ${compiler} -std=c++17 -fsyntax-only -include ${their_header} ${empty}
    RESULT_VARIABLE code
    OUTPUT_QUIET ERROR_QUIET)
  if(NOT their_header STREQUAL "" AND NOT code EQUAL 0)
    message(STATUS "${header} is left out: there is no ${their_header}")
    return()
  endif()
  foreach(standard IN LISTS its_standards)
    if(standard IN_LIST standards)
      expect_clean(${header} ${standard} "${third_party}")
    endif()
  endforeach()
endfunction()

expect_clean_adapter(asio c++17 boost/asio/any_io_executor.hpp) # takes seconds
expect_clean_adapter(awaitable "c++20;c++2b" "")
expect_clean_adapter(uv "c++17;c++2b" uv.h)

foreach(header IN LISTS headers)
  foreach(standard IN LISTS standards)
    expect_clean(${header} ${standard} "${third_party}|${event_loops}")
  endforeach()
endforeach()

# The macros are of the C library, of Windows, of X11 and of Qt. The standard library's own headers
# stand before them: it does not survive them either.
set(standard_headers)
foreach(header IN LISTS headers)
  file(STRINGS ${library}/include/${header} lines REGEX "^ *# *include <[a-z_]+>")
  list(APPEND standard_headers ${lines})
endforeach()
list(REMOVE_DUPLICATES standard_headers)
list(JOIN standard_headers "\n" text)
string(APPEND text "\n")
foreach(macro IN ITEMS "min(a, b)" "max(a, b)" "major(a)" "minor(a)" small near far interface ERROR
                       NO_ERROR DELETE IN OUT OPTIONAL None Always Success Status Bool True False
                       signals slots emit foreach unix linux)
  string(REGEX MATCH "^[A-Za-z_]+" name "${macro}")
  string(APPEND text "#undef ${name}\n#define ${macro} (hostile macro)\n")
endforeach()
foreach(header IN LISTS headers)
  string(APPEND text "#include <${header}>\n")
endforeach()
file(WRITE ${work}/hostile.cpp "${text}")
foreach(standard IN ITEMS c++17 c++20 c++2b)
  run(${compiler} -std=${standard} ${options} ${work}/hostile.cpp)
endforeach()
