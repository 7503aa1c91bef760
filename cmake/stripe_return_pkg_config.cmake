# pkg-config stripe_return_core, stripe_return_client, ... for those who do not use CMake: a file for
# each component, installed with it. They hold no absolute path, so that the prefix may be moved.

set(stripe_return_pkg_config_dir ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH stripe_return_to_prefix ${stripe_return_pkg_config_dir} ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" stripe_return_to_prefix "${stripe_return_to_prefix}")
file(RELATIVE_PATH stripe_return_to_headers ${stripe_return_pkg_config_dir}
     ${CMAKE_INSTALL_FULL_INCLUDEDIR})

# stripe_return_install_pkg_config(COMPONENT [REQUIRES ...] [STATIC_REQUIRES ...] [STATIC_LIBS ...]
# [INSTALL ...]). What a static library needs is not under Requires.private: --static, which alone
# reads that, wants the rest of the program static too, and libcurl then needs what few systems have.
function(stripe_return_install_pkg_config component)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "REQUIRES;STATIC_REQUIRES;STATIC_LIBS;INSTALL")
  set(stripe_return_requires)
  foreach(each IN LISTS arg_REQUIRES)
    list(APPEND stripe_return_requires "stripe_return_${each} = ${PROJECT_VERSION}")
  endforeach()
  set(stripe_return_libs -lstripe_return_${component})
  get_target_property(type stripe_return_${component} TYPE)
  if(type STREQUAL "STATIC_LIBRARY")
    list(APPEND stripe_return_requires ${arg_STATIC_REQUIRES})
    list(APPEND stripe_return_libs ${arg_STATIC_LIBS})
  endif()
  list(JOIN stripe_return_requires ", " stripe_return_requires)
  list(JOIN stripe_return_libs " " stripe_return_libs)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/stripe_return_component.pc.in
                 ${PROJECT_BINARY_DIR}/stripe_return_${component}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/stripe_return_${component}.pc
          DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig ${arg_INSTALL})
endfunction()
