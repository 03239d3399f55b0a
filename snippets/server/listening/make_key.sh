openssl req -x509 -newkey rsa:2048 -nodes -days 365 \
  -keyout key.pem -out cert.pem -subj "/CN=comfyui" \
  -addext "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:192.168.0.5"
