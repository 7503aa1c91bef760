// Whether a sanitizer watches, which takes ten times as long.
#pragma once

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define STRIPE_RETURN_SANITIZED 1
#endif
#endif

#ifdef STRIPE_RETURN_SANITIZED
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif
