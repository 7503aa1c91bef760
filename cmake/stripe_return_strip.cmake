# Read by cpack between installing and packing: what Debian's own tools strip off and `cmake --install
# --strip` leaves.
file(GLOB_RECURSE stripe_return_programs ${CPACK_TEMPORARY_DIRECTORY}/*/usr/bin/*)
file(GLOB_RECURSE stripe_return_libraries ${CPACK_TEMPORARY_DIRECTORY}/*.a)
execute_process(COMMAND ${CPACK_STRIPE_RETURN_STRIP} --remove-section=.comment --remove-section=.note
                        ${stripe_return_programs} COMMAND_ERROR_IS_FATAL ANY)
execute_process(
  COMMAND ${CPACK_STRIPE_RETURN_STRIP} --strip-debug --enable-deterministic-archives
          --remove-section=.comment --remove-section=.note ${stripe_return_libraries}
          COMMAND_ERROR_IS_FATAL ANY)
