# What the shared libraries bring into a process: names of their own alone, and nothing that runs
# before main() or after it.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/project.cmake)
string(REPLACE "," ";" components "${components}")

# What changes or reads what is the whole process's. libcurl does, on its own account.
set(not_asked_for
    "(__cxa_)?at(_quick_)?exit|(secure_)?getenv|setenv|putenv|unsetenv|clearenv|environ\
|signal|sigaction|sigprocmask|pthread_sigmask|setlocale|_ZNSt6locale6global.*|_ZSt13set_terminate.*\
|chdir|umask|setrlimit|fork|pthread_atfork")

# lines_of(RESULT COMMAND...)
function(lines_of result)
  run(${ARGN})
  string(STRIP "${output}" output)
  string(REPLACE ";" "," output "${output}")
  string(REPLACE "\n" ";" output "${output}")
  set(${result} "${output}" PARENT_SCOPE)
endfunction()

foreach(component IN LISTS components)
  set(file ${prefix}/lib/libstripe_return_${component}.so)

  run(${readelf} --dynamic --wide ${file})
  if(NOT output MATCHES "SONAME[^\n]*\\[libstripe_return_${component}\\.so\\.0\\]")
    message(SEND_ERROR "${component} has not the SONAME libstripe_return_${component}.so.0:\n${output}")
  endif()
  # Beside itself it finds the others, and nothing else.
  string(REPLACE "Library runpath: [$ORIGIN]" "" output "${output}")
  if(output MATCHES "(RPATH|TEXTREL|runpath:|rpath:)[^\n]*")
    message(SEND_ERROR "${component} has ${CMAKE_MATCH_0}")
  endif()

  # Weak ones are of templates, or inline; those of the standard library are visible by its own will.
  lines_of(symbols ${nm} --dynamic --defined-only --format=posix ${file})
  set(count 0)
  foreach(symbol IN LISTS symbols)
    string(REGEX REPLACE "^([^ ]+) (.).*" "\\1;\\2" parts "${symbol}")
    list(GET parts 0 name)
    list(GET parts 1 kind)
    if(name MATCHES "^_Z(T[VIS])?N?[KRO]*13stripe_return2v[01]")
      math(EXPR count "${count} + 1")
    elseif(NOT kind MATCHES "[WVu]" OR name MATCHES "nlohmann|7httplib|3CLI|4CURL|SSL_|EVP_|curl_(easy|multi|share)_")
      message(SEND_ERROR "${component} exports ${symbol}")
    endif()
  endforeach()
  if(count LESS 5)
    message(SEND_ERROR "${component} exports only ${count} names of its own:\n${symbols}")
  endif()

  lines_of(symbols ${nm} --dynamic --undefined-only --format=posix ${file})
  foreach(symbol IN LISTS symbols)
    if(symbol MATCHES "^(${not_asked_for})[@ ]")
      message(SEND_ERROR "${component} calls ${symbol}")
    endif()
  endforeach()

  # A static object that is not a constant has an initializer of this name in its file.
  lines_of(symbols ${nm} --format=posix ${file})
  set(initializers ${symbols})
  list(FILTER initializers INCLUDE REGEX "^_GLOBAL__")
  if(initializers)
    message(SEND_ERROR "${component} initializes before main(): ${initializers}")
  endif()
  list(FILTER symbols INCLUDE REGEX "stripe_return")
  if(symbols STREQUAL "")
    message(FATAL_ERROR "${file} is stripped, so that its initializers cannot be seen")
  endif()
endforeach()
