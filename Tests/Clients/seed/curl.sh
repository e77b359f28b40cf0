curl https://api.aigateway.sh/v1/chat/completions \
  -H "Authorization: Bearer $AIGATEWAY_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"model":"openai/o4-mini","messages":[{"role":"user","content":"hello"}],"stream":true}'
