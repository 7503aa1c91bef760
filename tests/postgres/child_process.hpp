// Another process, whose output is read line by line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

class child_process {
public:
  child_process(const std::string& program, std::vector<std::string> arguments);
  ~child_process(); ///< kills it
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  /// Nothing after the last one.
  std::optional<std::string> read_line();
  /// At once; what it had written can still be read.
  void kill() const;

private:
  pid_t process_ = 0;
  int output_ = -1;
  std::string unread_;
};
