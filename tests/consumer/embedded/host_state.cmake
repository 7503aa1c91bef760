# What add_subdirectory() of a library can change in its host, remembered and compared.

set(host_state_properties
    TESTS
    IMPORTED_TARGETS
    COMPILE_DEFINITIONS
    COMPILE_OPTIONS
    INCLUDE_DIRECTORIES
    LINK_DIRECTORIES
    LINK_OPTIONS)

# Keeps the value of every variable, cached or not, and of the properties above.
macro(remember_host_state)
  get_cmake_property(host_state_names VARIABLES)
  get_cmake_property(host_state_cached CACHE_VARIABLES)
  list(APPEND host_state_names ${host_state_cached})
  list(REMOVE_DUPLICATES host_state_names)
  list(FILTER host_state_names EXCLUDE REGEX "^(host_state_|CMAKE_MATCH_)")
  foreach(host_state_name IN LISTS host_state_names)
    set(host_state_of_${host_state_name} "${${host_state_name}}")
  endforeach()
  foreach(host_state_name IN LISTS host_state_properties)
    get_property(host_state_property_${host_state_name} DIRECTORY PROPERTY ${host_state_name})
  endforeach()
endmacro()

# New variables must match `allowed`; nothing else may be new, gone or different.
macro(expect_host_state allowed)
  get_cmake_property(host_state_now VARIABLES)
  get_cmake_property(host_state_cached CACHE_VARIABLES)
  list(APPEND host_state_now ${host_state_cached})
  list(REMOVE_DUPLICATES host_state_now)
  list(FILTER host_state_now EXCLUDE REGEX "^(host_state_|CMAKE_MATCH_)")
  foreach(host_state_name IN LISTS host_state_now)
    if(NOT host_state_name IN_LIST host_state_names)
      if(NOT host_state_name MATCHES "${allowed}")
        message(SEND_ERROR "The host got ${host_state_name}=${${host_state_name}}")
      endif()
    elseif(NOT "${${host_state_name}}" STREQUAL "${host_state_of_${host_state_name}}")
      message(SEND_ERROR "The host's ${host_state_name} was \"${host_state_of_${host_state_name}}\""
                         " and is \"${${host_state_name}}\"")
    endif()
  endforeach()
  foreach(host_state_name IN LISTS host_state_names)
    if(NOT host_state_name IN_LIST host_state_now)
      message(SEND_ERROR "The host's ${host_state_name} is gone")
    endif()
  endforeach()
  foreach(host_state_name IN LISTS host_state_properties)
    get_property(host_state_value DIRECTORY PROPERTY ${host_state_name})
    if(NOT "${host_state_value}" STREQUAL "${host_state_property_${host_state_name}}")
      message(SEND_ERROR "The host's ${host_state_name} is now \"${host_state_value}\"")
    endif()
  endforeach()
endmacro()

# All targets of a folder and of those below.
function(targets_below folder result)
  get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
  get_property(folders DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
  foreach(each IN LISTS folders)
    targets_below(${each} more)
    list(APPEND targets ${more})
  endforeach()
  list(SORT targets)
  set(${result} ${targets} PARENT_SCOPE)
endfunction()

function(expect_targets)
  targets_below(${CMAKE_SOURCE_DIR} targets)
  if(NOT targets STREQUAL "${ARGN}")
    message(SEND_ERROR "The targets are ${targets} and not ${ARGN}")
  endif()
endfunction()

# Who links the target gets its headers and nothing else.
function(expect_quiet_interface target)
  foreach(property IN ITEMS INTERFACE_COMPILE_DEFINITIONS INTERFACE_COMPILE_OPTIONS
                            INTERFACE_LINK_OPTIONS INTERFACE_SOURCES)
    get_target_property(value ${target} ${property})
    if(value)
      message(SEND_ERROR "${target} hands on ${property} ${value}")
    endif()
  endforeach()
  get_target_property(libraries ${target} INTERFACE_LINK_LIBRARIES)
  list(FILTER libraries EXCLUDE REGEX "^(stripe_return::[a-z]+|\\$<LINK_ONLY:.*>)$")
  if(libraries)
    message(SEND_ERROR "${target} hands on ${libraries}")
  endif()
  get_target_property(features ${target} INTERFACE_COMPILE_FEATURES)
  if(NOT features STREQUAL "cxx_std_17")
    message(SEND_ERROR "${target} asks for ${features}")
  endif()
endfunction()
