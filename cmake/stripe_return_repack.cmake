# Read by cpack once the packages are made, which depend on the umask: packs each again, by dpkg-deb.
foreach(stripe_return_package IN LISTS CPACK_PACKAGE_FILES)
  set(stripe_return_unpacked ${stripe_return_package}.unpacked)
  file(REMOVE_RECURSE ${stripe_return_unpacked})
  execute_process(
    COMMAND ${stripe_return_dpkg_deb} --raw-extract ${stripe_return_package} ${stripe_return_unpacked}
            COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND chmod -R u=rwX,go=rX ${stripe_return_unpacked} COMMAND_ERROR_IS_FATAL ANY)
  execute_process(
    COMMAND ${stripe_return_dpkg_deb} --root-owner-group --build ${stripe_return_unpacked}
            ${stripe_return_package}
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE_RECURSE ${stripe_return_unpacked})
endforeach()
