<?php
// Who is signed in, signed for Parley's widget. PHP 7.4 or newer, nothing else.

/** $person is ["sub" => "42", "name" => "Carol", "email" => "carol@example.com"]; "sub" never changes for them. */
function parley_identity(string $site, string $kid, string $secret, array $person, int $lifetime = 600): string
{
    $issued = time();
    $header = ['alg' => 'HS256', 'typ' => 'JWT', 'kid' => $kid];
    $claims = $person + ['aud' => $site, 'iat' => $issued, 'exp' => $issued + $lifetime];
    $signed = parley_base64url(json_encode($header)) . '.' . parley_base64url(json_encode($claims));
    return $signed . '.' . parley_base64url(hash_hmac('sha256', $signed, $secret, true));
}

function parley_base64url(string $octets): string
{
    return rtrim(strtr(base64_encode($octets), '+/', '-_'), '=');
}
