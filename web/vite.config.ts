import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [
    tailwindcss(),
    sveltekit({
      adapter: adapter({ precompress: false }),
      compilerOptions: { runes: ({ filename }) => (filename.includes('node_modules') ? undefined : true) },
      csp: {
        mode: 'auto',
        directives: {
          'default-src': ['self'],
          // DuckDB-WASM compiles a module; nothing else may evaluate text.
          'script-src': ['self', 'wasm-unsafe-eval'],
          // CodeMirror and charts set styles from script.
          'style-src': ['self', 'unsafe-inline'],
          'img-src': ['self', 'data:', 'blob:'],
          'font-src': ['self', 'data:'],
          'worker-src': ['self', 'blob:'],
          'connect-src': ['self'],
          'object-src': ['none'],
          'base-uri': ['self'],
          'form-action': ['self'],
          'frame-ancestors': ['none'],
        },
      },
    }),
  ],
  server: {
    proxy: {
      '/api': { target: process.env.DATACRAFT_API ?? 'http://127.0.0.1:4321', changeOrigin: false },
      '/sync': { target: process.env.DATACRAFT_API ?? 'http://127.0.0.1:4321', ws: true },
    },
  },
  // The editor and the browser's DuckDB are chunks of their own, loaded when they are needed.
  build: { target: 'es2022', chunkSizeWarningLimit: 2_000 },
});
