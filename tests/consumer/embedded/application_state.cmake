# What add_subdirectory() of a library can change in its application, remembered and compared.

set(application_state_properties
    TESTS
    IMPORTED_TARGETS
    COMPILE_DEFINITIONS
    COMPILE_OPTIONS
    INCLUDE_DIRECTORIES
    LINK_DIRECTORIES
    LINK_OPTIONS)

# Keeps the value of every variable, cached or not, and of the properties above.
macro(remember_application_state)
  get_cmake_property(application_state_names VARIABLES)
  get_cmake_property(application_state_cached CACHE_VARIABLES)
  list(APPEND application_state_names ${application_state_cached})
  list(REMOVE_DUPLICATES application_state_names)
  list(FILTER application_state_names EXCLUDE REGEX "^(application_state_|CMAKE_MATCH_)")
  foreach(application_state_name IN LISTS application_state_names)
    set(application_state_of_${application_state_name} "${${application_state_name}}")
  endforeach()
  foreach(application_state_name IN LISTS application_state_properties)
    get_property(application_state_property_${application_state_name} DIRECTORY PROPERTY ${application_state_name})
  endforeach()
endmacro()

# New variables must match `allowed`; nothing else may be new, gone or different.
macro(expect_application_state allowed)
  get_cmake_property(application_state_now VARIABLES)
  get_cmake_property(application_state_cached CACHE_VARIABLES)
  list(APPEND application_state_now ${application_state_cached})
  list(REMOVE_DUPLICATES application_state_now)
  list(FILTER application_state_now EXCLUDE REGEX "^(application_state_|CMAKE_MATCH_)")
  foreach(application_state_name IN LISTS application_state_now)
    if(NOT application_state_name IN_LIST application_state_names)
      if(NOT application_state_name MATCHES "${allowed}")
        message(SEND_ERROR "The application got ${application_state_name}=${${application_state_name}}")
      endif()
    elseif(NOT "${${application_state_name}}" STREQUAL "${application_state_of_${application_state_name}}")
      message(SEND_ERROR "The application's ${application_state_name} was \"${application_state_of_${application_state_name}}\""
                         " and is \"${${application_state_name}}\"")
    endif()
  endforeach()
  foreach(application_state_name IN LISTS application_state_names)
    if(NOT application_state_name IN_LIST application_state_now)
      message(SEND_ERROR "The application's ${application_state_name} is gone")
    endif()
  endforeach()
  foreach(application_state_name IN LISTS application_state_properties)
    get_property(application_state_value DIRECTORY PROPERTY ${application_state_name})
    if(NOT "${application_state_value}" STREQUAL "${application_state_property_${application_state_name}}")
      message(SEND_ERROR "The application's ${application_state_name} is now \"${application_state_value}\"")
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
