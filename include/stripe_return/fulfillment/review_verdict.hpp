/// @file
/// How a person ends a review.
#pragma once

namespace stripe_return {
inline namespace v0 {

enum class review_verdict : unsigned char { accept, reject };

} // namespace v0
} // namespace stripe_return
