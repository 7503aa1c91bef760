// A disk that fails, by SQLite's own way of replacing the system's calls.
#pragma once

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>

/// While it lives, SQLite's files in this process fail as it says. For one thread.
class failing_disk {
public:
  failing_disk() {
    replace("write", reinterpret_cast<sqlite3_syscall_ptr>(&write_or_fail));
    replace("pwrite", reinterpret_cast<sqlite3_syscall_ptr>(&pwrite_or_fail));
    replace("pwrite64", reinterpret_cast<sqlite3_syscall_ptr>(&pwrite_or_fail));
    replace("open", reinterpret_cast<sqlite3_syscall_ptr>(&open_or_fail));
  }
  ~failing_disk() {
    work_again();
    for (const char* name : {"write", "pwrite", "pwrite64", "open"})
      replace(name, nullptr); // the system's own again
  }
  failing_disk(const failing_disk&) = delete;
  failing_disk& operator=(const failing_disk&) = delete;

  /// The write after so many, and all that follow.
  void fail_writes(int with, int after = 0) {
    write_error = with;
    writes_left = after;
  }
  void be_read_only() { read_only = true; }
  void work_again() {
    write_error = 0;
    read_only = false;
  }
  int opened() const { return files_opened; }

private:
  static inline int write_error = 0;
  static inline int writes_left = 0;
  static inline bool read_only = false;
  static inline int files_opened = 0;

  static void replace(const char* name, sqlite3_syscall_ptr call) {
    sqlite3_vfs* vfs = sqlite3_vfs_find(nullptr);
    vfs->xSetSystemCall(vfs, name, call);
  }
  static bool fails() {
    if (write_error == 0 || writes_left-- > 0) return false;
    writes_left = 0;
    errno = write_error;
    return true;
  }
  static ssize_t write_or_fail(int file, const void* bytes, size_t size) {
    return fails() ? -1 : write(file, bytes, size);
  }
  static ssize_t pwrite_or_fail(int file, const void* bytes, size_t size, off_t at) {
    return fails() ? -1 : pwrite(file, bytes, size, at);
  }
  static int open_or_fail(const char* path, int flags, int mode) {
    if (read_only && (flags & (O_RDWR | O_WRONLY | O_CREAT)) != 0) {
      errno = EROFS;
      return -1;
    }
    ++files_opened;
    return open(path, flags, mode);
  }
};
